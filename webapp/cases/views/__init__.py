"""Pages of cases: the public record and the desk."""
