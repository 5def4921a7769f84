namespace DiffusionBatch.Evaluation.Text;

/// <summary>Two sequences to compare by a table, without what they have in common at their ends; either of them may be the rows.</summary>
internal readonly ref struct SequencePair
{
    /// <summary>Tables of so many cells take some milliseconds; smaller ones are not worth a second try.</summary>
    public const long NarrowFrom = 1 << 24;

    /// <summary>Takes two sequences.</summary>
    public SequencePair(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int common = first.CommonPrefixLength(second);
        first = first[common..];
        second = second[common..];
        int ends = 0;
        while (ends < first.Length && ends < second.Length && first[^(ends + 1)] == second[^(ends + 1)]) ends++;
        first = first[..^ends];
        second = second[..^ends];
        Common = common + ends;
        // Columns are steps and rows are done 512 at a time: rows are to be the longer sequence.
        Rows = first.Length >= second.Length ? first : second;
        Columns = first.Length >= second.Length ? second : first;
    }

    /// <summary>The longer sequence.</summary>
    public ReadOnlySpan<int> Rows { get; }

    /// <summary>The shorter one.</summary>
    public ReadOnlySpan<int> Columns { get; }

    /// <summary>How many symbols at the start and at the end were the same.</summary>
    public int Common { get; }

    /// <summary>The bands to try before the whole table: together a fourteenth of its work at most.</summary>
    /// <param name="narrowFrom">The cells of a table that is worth it.</param>
    public IEnumerable<int> Bands(long narrowFrom) => (long)Rows.Length * Columns.Length < narrowFrom ? [] : Worthwhile(Rows.Length, Columns.Length);

    static IEnumerable<int> Worthwhile(int rows, int columns)
    {
        foreach (int share in (int[])[256, 32])
            if (rows / share is var band && band > rows - columns) yield return band;
    }
}
