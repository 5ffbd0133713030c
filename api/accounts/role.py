"""Who somebody is at work, and what a key is for."""

from enum import StrEnum


class Role(StrEnum):
    """What a user does in the district's work; one user may have several."""

    COLLECTOR = "collector"
    """采集员: reports from the street, looks before registration and after handling."""
    ACCEPTOR = "acceptor"
    """受理员: takes matters in, registers, rejects, merges, has them checked."""
    SHIFT_LEAD = "shift_lead"
    """值班长: answers for registration, closing and voiding of the shift."""
    DISPATCHER = "dispatcher"
    """派遣员: sends cases to departments, decides on delays and hang-ups."""
    DEPARTMENT = "department"
    """专业部门: takes cases for its department, assigns, confirms the handling."""
    HANDLER = "handler"
    """处置人员: handles on site."""
    SUPERVISOR = "supervisor"
    """督察员: urges from above; handles nothing that they supervise."""
    EVALUATOR = "evaluator"
    """考核员: reads figures, decides nothing."""
    ML_ENGINEER = "ml_engineer"
    """Trains and compares models."""
    OPERATOR = "operator"
    """Cameras, cells, live models."""
    AUDITOR = "auditor"
    """Reads the audit log and nothing else."""
    VIEWER = "viewer"
    """Reads events and figures: the video wall."""
    ADMINISTRATOR = "administrator"
    """Users and keys."""


class KeyScope(StrEnum):
    """What a key of a machine may be used for."""

    WORKER = "worker"
    """A worker: reads its cameras, posts events, pictures and conditions."""
    INTAKE = "intake"
    """Another channel: reports matters with pictures."""
    READ = "read"
    """A reader: events, cases, figures, metrics."""
    OPERATE = "operate"
    """An operator's scripts: cameras, cells, live models."""
