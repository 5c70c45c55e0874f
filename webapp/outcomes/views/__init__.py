"""The public record of outcomes, and the desk of those who write it."""
