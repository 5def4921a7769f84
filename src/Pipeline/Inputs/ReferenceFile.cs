using DiffusionBatch.Pipeline.Problems;
using Microsoft.Win32.SafeHandles;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>
/// The references of a JSONL file by their items' ids, with no text held in memory. Asked for in the file's order, as
/// results stand, it is read like a merge, one line at a time. At the first id out of order the places of all ids are
/// indexed, some 60 bytes a line, and lines out of order are read where they lie. Not safe across threads.
/// </summary>
public sealed class ReferenceFile : IDisposable
{
    const int MostSkipped = 64; // lines that it takes less time to skip than to read one elsewhere

    readonly string _path;
    readonly string _file;
    readonly LineParser _parser;
    readonly List<Problem> _problems = [];
    JsonlLines? _lines;
    SafeFileHandle? _handle;
    Dictionary<UInt128, LinePlace>? _places;
    LinePlace _at; // of the line that comes next in order
    InputItem? _next;
    InputItem? _last;

    /// <summary>Opens a file that the check before the job found good.</summary>
    /// <param name="path">Where the file is on this machine.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="cancellationToken">Stops the counting of its lines.</param>
    public ReferenceFile(string path, string file, CancellationToken cancellationToken = default)
    {
        (_path, _file) = (path, file);
        _parser = new LineParser(file, InputUse.References, keepTexts: true, keepOther: false);
        using var lines = new JsonlLines(path);
        for (int index = 0; Advance(lines, ref index); Count = index) cancellationToken.ThrowIfCancellationRequested();
        Bytes = lines.BytesRead;
    }

    /// <summary>The number of references.</summary>
    public int Count { get; private set; }

    /// <summary>The file's size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Whether ids came out of order, so that their places had to be indexed.</summary>
    internal bool IsIndexed => _places is not null;

    /// <summary>Expects the first reference next.</summary>
    public void Rewind()
    {
        _lines?.Dispose();
        _lines = new JsonlLines(_path);
        (_at, _next, _last) = (default, null, null);
        MoveNext();
    }

    /// <summary>The reference with an id; null where there is none.</summary>
    /// <exception cref="ProblemsException">Its line is bad: the file was changed since it was checked.</exception>
    public InputItem? Find(string id)
    {
        if (_last?.Id == id) return _last;
        if (_lines is null) Rewind();
        if (Next() is { } next && next.Id == id)
        {
            MoveNext();
            return _last = next;
        }
        _places ??= Index();
        if (!_places.TryGetValue(IdHash.Of(id), out LinePlace place)) return null;
        if (_at.Bytes == 0 || place.Index < _at.Index || place.Index > _at.Index + MostSkipped) return _last = ReadAt(place);
        while (_at.Index < place.Index) MoveNext();
        _last = Next();
        MoveNext();
        return _last;
    }

    /// <summary>All references, in the file's order, as they are read.</summary>
    public IEnumerable<InputItem> All() => InputReader.ReadReferences(_path, _file);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines?.Dispose();
        _handle?.Dispose();
    }

    /// <summary>The next reference in order, parsed once; null at the end.</summary>
    InputItem? Next() => _at.Bytes == 0 ? null : _next ??= Parse(_lines!.Line, _at);

    void MoveNext()
    {
        int index = _at.Bytes == 0 ? 0 : _at.Index + 1;
        _next = null;
        _at = Advance(_lines!, ref index) ? PlaceOf(_lines!, index - 1) : default;
    }

    Dictionary<UInt128, LinePlace> Index()
    {
        var places = new Dictionary<UInt128, LinePlace>(Count);
        using var lines = new JsonlLines(_path);
        for (int index = 0; Advance(lines, ref index);)
        {
            LinePlace place = PlaceOf(lines, index - 1);
            places.TryAdd(IdHash.Of(Parse(lines.Line, place).Id), place);
        }
        return places;
    }

    InputItem ReadAt(in LinePlace place)
    {
        _handle ??= File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
            FileOptions.RandomAccess);
        byte[] bytes = new byte[place.Bytes];
        int read = 0;
        for (int more = -1; read < bytes.Length && more != 0; read += more)
            more = RandomAccess.Read(_handle, bytes.AsSpan(read), place.Offset + read);
        return Parse(bytes.AsSpan(0, read), place);
    }

    InputItem Parse(ReadOnlySpan<byte> line, in LinePlace place) =>
        _parser.Parse(line, place.Index, place.Number, place.Offset, _problems) ?? throw new ProblemsException([.. _problems]);

    static LinePlace PlaceOf(JsonlLines lines, int index) => new(index, lines.Number, lines.Offset, lines.Line.Length);

    /// <summary>Goes to the next line that isn't blank and counts it.</summary>
    static bool Advance(JsonlLines lines, ref int index)
    {
        while (lines.Next())
        {
            if (!lines.Line.ContainsAnyExcept(" \t\r"u8)) continue;
            index++;
            return true;
        }
        return false;
    }
}
