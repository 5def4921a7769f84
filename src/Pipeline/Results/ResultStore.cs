using System.Text;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>
/// An output folder's parts while they come into being. Results may come in any order and from any thread; a part is
/// written once all its results are there, in input order, and moved into place whole. What came before an
/// interruption is found again: finished parts are kept, results of unfinished ones come from the journal.
/// </summary>
internal sealed class ResultStore : IDisposable
{
    /// <summary>A journal beyond this size is written anew without what finished parts have made superfluous.</summary>
    const long CompactBytes = 64L << 20;

    /// <summary>The journal's name in the work folder.</summary>
    public const string JournalName = "journal";

    readonly ResultLayout _layout;
    readonly ResultJournal _journal;
    readonly Lock _lock = new();
    readonly bool[][] _finished;
    readonly PartCost?[][] _costs;
    readonly Dictionary<(int Cell, int Part), OpenPart> _open = [];
    long _compactAt = CompactBytes;

    /// <summary>Opens an output folder.</summary>
    /// <param name="layout">Its layout.</param>
    /// <param name="fingerprint">The fingerprint it belongs to.</param>
    public ResultStore(ResultLayout layout, string fingerprint)
    {
        _layout = layout;
        Tally = new ResultTally(layout);
        _finished = [.. layout.Cells.Select(_ => new bool[layout.Parts])];
        _costs = [.. layout.Cells.Select(_ => new PartCost?[layout.Parts])];
        FindParts();
        string work = Path.Combine(layout.Output, OutputManifest.WorkFolder);
        Directory.CreateDirectory(work);
        _journal = ResultJournal.Open(Path.Combine(work, JournalName), fingerprint, out var records);
        foreach (JournalRecord record in records) Recover(record);
    }

    /// <summary>The counts of all results so far.</summary>
    public ResultTally Tally { get; }

    /// <summary>Called after a part was moved into place.</summary>
    public Action<FinishedPart>? PartFinished { get; set; }

    /// <summary>Whether all results of all cells are there and their parts in place.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock) return Array.TrueForAll(_finished, parts => Array.TrueForAll(parts, f => f));
        }
    }

    /// <summary>The journal's file.</summary>
    public string Journal => Path.Combine(_layout.Output, OutputManifest.WorkFolder, JournalName);

    /// <summary>Writes the parts whose last result had been journaled when the run before was interrupted.</summary>
    public void CommitRecovered()
    {
        lock (_lock)
            foreach (((int cell, int part), OpenPart open) in _open.Where(p => p.Value.IsFull).ToList()) Commit(cell, part, open);
    }

    /// <summary>Whether a result is there already.</summary>
    public bool Has(int cell, long item)
    {
        lock (_lock)
        {
            int part = _layout.PartOf(item);
            return _finished[cell][part]
                || (_open.TryGetValue((cell, part), out OpenPart? open) && open.Has((int)(item - _layout.FirstItem(part))));
        }
    }

    /// <summary>What a finished part took; null where it isn't known.</summary>
    public PartCost? CostOf(int cell, int part) => _costs[cell][part];

    /// <summary>Takes a result; one that is there already is ignored.</summary>
    public void Add(int cell, long item, ResultRow row)
    {
        lock (_lock)
        {
            if (Has(cell, item)) return;
            _journal.Append(new JournalRecord(cell, item, row, null));
            int part = Place(cell, item, row);
            if (_open[(cell, part)] is { IsFull: true } open) Commit(cell, part, open);
            if (_journal.Bytes > _compactAt) Compact();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    int Place(int cell, long item, ResultRow row)
    {
        int part = _layout.PartOf(item);
        if (!_open.TryGetValue((cell, part), out OpenPart? open)) _open[(cell, part)] = open = new OpenPart(_layout.PartSize(part));
        open.Set((int)(item - _layout.FirstItem(part)), row);
        Tally.Add(cell, item, row.Nfe, row.Tokens, row.ErrorCode);
        return part;
    }

    void Commit(int cell, int part, OpenPart open)
    {
        var took = PartCost.Of(open.Rows!);
        var cost = new CellCost(open.Rows.Sum(r => r!.Nfe), open.Rows.Sum(r => r!.Tokens), took.Seconds) { Flops = took.Flops };
        // The time first: once the part is in place, only the journal knows it.
        _journal.Append(new JournalRecord(cell, part, null, took));
        Directory.CreateDirectory(Path.GetDirectoryName(_layout.PartFile(cell, part))!);
        foreach (BesideFile file in _layout.Files[cell])
            Write(_layout.PathBeside(cell, part, file), open.Rows.SelectMany(r => r!.Beside(file)));
        // The part is the commit point, so it comes last.
        Write(_layout.PartFile(cell, part), open.Rows.Select(r => r!.Line));
        _finished[cell][part] = true;
        _costs[cell][part] = took;
        _open.Remove((cell, part));
        PartFinished?.Invoke(new FinishedPart(cell, part, cost, open.Rows!));
    }

    void Write(string file, IEnumerable<string> lines)
    {
        string temporary = Path.Combine(_layout.Output, OutputManifest.WorkFolder, "part.tmp");
        using (var writer = new StreamWriter(temporary, false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" })
            foreach (string line in lines) writer.WriteLine(line);
        File.Move(temporary, file, overwrite: true);
    }

    void FindParts()
    {
        for (int cell = 0; cell < _layout.Cells.Count; cell++)
            for (int part = 0; part < _layout.Parts; part++)
                if (_layout.HasPart(cell, part) && PartScan.Read(_layout.PartFile(cell, part)) is { } scan
                    && scan.Lines == _layout.PartSize(part))
                {
                    _finished[cell][part] = true;
                    Tally.AddPart(cell, _layout.FirstItem(part), scan);
                }
    }

    void Recover(JournalRecord record)
    {
        if (record.Row is null) _costs[record.Cell][record.Number] = record.Cost;
        else if (!Has(record.Cell, record.Number)) Place(record.Cell, record.Number, record.Row);
    }

    void Compact()
    {
        var times =
            _finished.SelectMany((parts, cell) => parts.Select((f, part) => (f, part)).Where(p => p.f && _costs[cell][p.part] is not null)
            .Select(p => new JournalRecord(cell, p.part, null, _costs[cell][p.part])));
        var rows = _open.SelectMany(p => p.Value.Rows.Select((row, place) => (row, place)).Where(r => r.row is not null)
            .Select(r => new JournalRecord(p.Key.Cell, _layout.FirstItem(p.Key.Part) + r.place, r.row, null)));
        _journal.Compact(times.Concat(rows));
        // Where much is open at once, the next time comes at twice what had to stay.
        _compactAt = Math.Max(CompactBytes, 2 * _journal.Bytes);
    }
}
