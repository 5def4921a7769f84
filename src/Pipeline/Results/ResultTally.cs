using System.Collections;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>Counts a job's results: forward passes and tokens a cell, and which items have errors.</summary>
internal sealed class ResultTally(ResultLayout layout)
{
    readonly long[] _nfe = new long[layout.Cells.Count];
    readonly long[] _tokens = new long[layout.Cells.Count];
    readonly BitArray _errored = new(checked((int)layout.Items));
    readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    long _results;

    /// <summary>The results so far, errors included.</summary>
    public long Results => _results;

    /// <summary>The items by how they fared; those without a result yet count as succeeded.</summary>
    public ItemCounts Items
    {
        get
        {
            long errored = _codes.Values.Sum();
            return new ItemCounts(layout.Items, layout.Items - errored, errored);
        }
    }

    /// <summary>The errored items by the code of their first error, as in <c>tooLong 3, noLength 1</c>.</summary>
    public string Errors => Sentence(_codes);

    /// <summary>The errored items by the code of their first error.</summary>
    public IReadOnlyDictionary<string, long> Codes => _codes;

    /// <summary>Counts by code in words, the most frequent first: <c>tooLong 3, noLength 1</c>.</summary>
    /// <param name="codes">The counts, in ordinal order of the codes.</param>
    public static string Sentence(IEnumerable<KeyValuePair<string, long>> codes) =>
        string.Join(", ", codes.OrderByDescending(c => c.Value).Select(c => $"{c.Key} {c.Value}"));

    /// <summary>A cell's forward passes and tokens.</summary>
    public (long Nfe, long Tokens) Of(int cell) => (_nfe[cell], _tokens[cell]);

    /// <summary>Counts a result.</summary>
    public void Add(int cell, long item, long nfe, long tokens, string? errorCode)
    {
        _results++;
        _nfe[cell] += nfe;
        _tokens[cell] += tokens;
        if (errorCode is not null) AddError(item, errorCode);
    }

    /// <summary>Counts a finished part that was found.</summary>
    public void AddPart(int cell, long firstItem, PartScan part)
    {
        _results += part.Lines;
        _nfe[cell] += part.Nfe;
        _tokens[cell] += part.Tokens;
        foreach ((int line, string code) in part.Errors) AddError(firstItem + line, code);
    }

    void AddError(long item, string code)
    {
        if (_errored[(int)item]) return;
        _errored[(int)item] = true;
        _codes[code] = _codes.GetValueOrDefault(code) + 1;
    }
}
