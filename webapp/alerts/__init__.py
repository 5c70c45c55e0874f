"""News of the public record by mail or on the phone, for anyone who asks ("Nhận tin").

Used by the public pages and the schedule. Must always hold: only what is public at the moment of
sending leaves; nothing goes to an address that did not confirm; each thing is told once; an address
lies sealed, is shown to nobody, and is gone at once when its owner stops.
"""
