"""The reviewers of the structure: who may import whom, guards, migrations, settings, templates."""
