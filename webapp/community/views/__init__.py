"""Pages and JSON of groups, and of residents who are affected too."""
