"""Options of a select: what is chosen, groups, and that names cannot be markup."""

from webapp.web.options import grouped_options, options

UNITS = [("gso-2025:03334", "Xã Mường Phăng"), ("gso-2025:03337", "Xã <Na> Son")]


def test_the_chosen_value_is_marked_and_names_are_escaped() -> None:
    assert options(UNITS, "gso-2025:03337") == (
        '<option value="gso-2025:03334">Xã Mường Phăng</option>'
        '<option value="gso-2025:03337" selected>Xã &lt;Na&gt; Son</option>'
    )


def test_what_is_no_choice_marks_nothing() -> None:
    assert options(UNITS, '"><script>') == options(UNITS)
    assert options([("7", "bảy")], 7) == '<option value="7" selected>bảy</option>'


def test_groups_by_their_label_and_no_empty_ones() -> None:
    found = grouped_options([("", [("", "Mọi xã")]), ("Điện Biên", UNITS[:1]), ("Lai Châu", [])])
    assert found == (
        '<option value="">Mọi xã</option><optgroup label="Điện Biên">'
        '<option value="gso-2025:03334">Xã Mường Phăng</option></optgroup>'
    )


def test_a_renamed_unit_is_written_anew() -> None:
    before = options([("1", "Xã Cũ")])
    assert options([("1", "Xã Mới")]) != before
