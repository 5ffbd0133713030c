"""Objects: the same thing over several looks, told by place and appearance."""
