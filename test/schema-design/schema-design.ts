/** What the design says about one table: names → fragments of SQL. Columns that are an enum have its CHECK among `checks`. */
export type TableDesign = {
  /** First sentence of its description; none where several tables share one. */
  comment?: string;
  columns: Record<string, string>;
  primaryKey: string;
  partitionBy?: string;
  foreignKeys: Record<string, string>;
  checks: Record<string, string>;
  /** Method and what follows the table's name; `UNIQUE` in front when it is. */
  indexes: Record<string, string>;
  triggers: Record<string, string>;
};

export type SchemaDesign = {
  tables: Record<string, TableDesign>;
  /** Signature without types → kind. */
  functions: Record<string, string>;
};
