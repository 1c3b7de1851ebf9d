package sqlite

import (
	"context"
	_ "embed"
	"fmt"
)

//go:embed schema.sql
var firstSchema string

//go:embed schema_2.sql
var mailsByPerson string

//go:embed schema_3.sql
var tellingsByChannel string

// migrations returns what brings a store from each version to the next; the
// version is their number. Entries are only ever added at the end.
func migrations() []string {
	return []string{
		firstSchema,
		mailsByPerson,
		tellingsByChannel,
	}
}

// inspect reads the file for the first time and changes nothing. It refuses
// what a later version or another program wrote.
func (c *conn) inspect(ctx context.Context, known int) error {
	defer c.interruptBy(ctx)()
	version, err := c.number(`PRAGMA user_version`)
	if err != nil {
		return err
	}
	if version > int64(known) {
		return fmt.Errorf("%w (its schema is %d, this version knows %d)", ErrNewer, version, known)
	}
	// One statement sees one state: another process may be creating the tables.
	strangers, err := c.number(`SELECT count(*) FROM sqlite_schema WHERE (SELECT user_version FROM pragma_user_version) = 0`)
	if err == nil && strangers > 0 {
		err = ErrForeign
	}
	return err
}

// migrate brings the store to the last of the steps, all or nothing.
func (c *conn) migrate(ctx context.Context, steps []string) error {
	version, err := c.number(`PRAGMA user_version`)
	if err != nil || version >= int64(len(steps)) {
		return err
	}
	return c.transact(ctx, `BEGIN IMMEDIATE`, func(*tx) error {
		// Another process may have been faster.
		version, err := c.number(`PRAGMA user_version`)
		if err != nil {
			return err
		}
		for i := int(version); i < len(steps); i++ {
			if err := c.db.Exec(fmt.Sprintf("%s;\nPRAGMA user_version = %d", steps[i], i+1)); err != nil {
				return fmt.Errorf("bringing the schema to version %d: %w", i+1, err)
			}
		}
		return nil
	})
}
