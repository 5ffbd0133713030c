"""The page that says which issue types can be recognised."""
