import { openDatabase } from '../../src/db/database.ts';

type AnalysedRow = { content_sha256: string; analysed_offsets_ms: number[] };

/** Frames per content hash that the product sent to its detector. */
export async function readAnalysedFrames(home: string): Promise<Map<string, number>> {
  const database = await openDatabase({ home, migrate: 'none' });
  try {
    const rows = await database
      .knex<AnalysedRow>('media_files')
      .whereNotNull('analysed_offsets_ms')
      .select('content_sha256', 'analysed_offsets_ms');
    return new Map(rows.map((row) => [row.content_sha256, row.analysed_offsets_ms.length]));
  } finally {
    await database.close();
  }
}
