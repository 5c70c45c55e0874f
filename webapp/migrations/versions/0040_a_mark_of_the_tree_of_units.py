"""The mark of the tree of units is stored, and made anew by whatever changes an edge

It was summed up over all edges at each request: 35 of the 47 microseconds that signing in took.
A new mark is drawn and not counted, so that what was read under the mark of a transaction that was
then rolled back is never taken for what another transaction made.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = "0039"
branch_labels = None
depends_on = None

_CHANGES = {
    'unit': ('INSERT', 'DELETE', 'UPDATE OF id, parent_id'),
    'unit_succession': ('INSERT', 'DELETE', 'UPDATE OF old_id, new_id'),
}
_DRAWN = {
    'sqlite': 'random()',
    'postgresql': "('x' || translate(gen_random_uuid()::text, '-', ''))::bit(64)::bigint",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        'unit_tree',
        sa.Column(
            'id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column('mark', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_unit_tree_only')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_tree')),
    )
    draw = (
        f'INSERT INTO unit_tree (id, mark) VALUES (1, {_DRAWN[dialect]})'
        ' ON CONFLICT (id) DO UPDATE SET mark = excluded.mark'
    )
    op.execute(sa.DDL(draw))
    if dialect == 'postgresql':
        op.execute(
            sa.DDL(
                'CREATE FUNCTION mark_unit_tree() RETURNS trigger LANGUAGE plpgsql AS'
                f' $$ BEGIN {draw}; RETURN NULL; END $$'
            )
        )
    for table, changes in _CHANGES.items():
        if dialect == 'postgresql':
            every = ' OR '.join((*changes, 'TRUNCATE'))
            op.execute(
                sa.DDL(
                    f'CREATE TRIGGER {table}_marks AFTER {every} ON {table}'
                    ' EXECUTE FUNCTION mark_unit_tree()'
                )
            )
            continue
        for change in changes:
            name = f'{table}_marks_{change.split()[0].lower()}'
            op.execute(sa.DDL(f'CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {draw}; END'))


def downgrade() -> None:
    """On SQLite going back is restoring the copy made before the upgrade."""
    for table in _CHANGES:
        op.execute(sa.DDL(f'DROP TRIGGER {table}_marks ON {table}'))
    op.execute(sa.DDL('DROP FUNCTION mark_unit_tree()'))
    op.drop_table('unit_tree')
