// Lore: what a client's own data says: spells, items, con colours, zones, class kits; read from Data/, checked.
