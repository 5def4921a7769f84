using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>
/// The results of parts that aren't complete yet, kept so that an interrupted job needn't compute them again.
/// Each line carries a hash of itself; reading stops at the first line that isn't whole, and writing goes on there.
/// A journal of another fingerprint is thrown away.
/// </summary>
internal sealed class ResultJournal : IDisposable
{
    const int HashLength = 16;

    readonly string _path;
    readonly string _header;
    FileStream _stream;

    ResultJournal(string path, string header, FileStream stream) => (_path, _header, _stream) = (path, header, stream);

    /// <summary>The journal's size, in bytes.</summary>
    public long Bytes => _stream.Length;

    /// <summary>Opens or begins a journal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it must belong to: the fingerprint.</param>
    /// <param name="records">What it holds, in the order of writing.</param>
    public static ResultJournal Open(string path, string header, out IReadOnlyList<JournalRecord> records)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
        var found = new List<JournalRecord>();
        long good = Read(stream, header, found);
        stream.SetLength(good);
        stream.Position = good;
        var journal = new ResultJournal(path, header, stream);
        if (good == 0) journal.WriteLine(JsonSerializer.Serialize(header));
        records = found;
        return journal;
    }

    /// <summary>Appends a record; it is the operating system's once this returns.</summary>
    public void Append(JournalRecord record) => WriteLine(JsonSerializer.Serialize(record));

    /// <summary>Begins the file anew with only the given records.</summary>
    public void Compact(IEnumerable<JournalRecord> records)
    {
        string temporary = _path + ".tmp";
        var next = new ResultJournal(_path, _header,
            new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 0));
        next.WriteLine(JsonSerializer.Serialize(_header));
        foreach (JournalRecord record in records) next.Append(record);
        next._stream.Dispose();
        _stream.Dispose();
        File.Move(temporary, _path, overwrite: true);
        _stream = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 0);
        _stream.Seek(0, SeekOrigin.End);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    static long Read(FileStream stream, string header, List<JournalRecord> records)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        int good = 0;
        // A line counts once its line feed is there.
        for (int end; (end = bytes.AsSpan(good).IndexOf((byte)'\n')) >= 0; good += end + 1)
        {
            if (Verify(Encoding.UTF8.GetString(bytes, good, end)) is not { } json) break;
            if (good > 0) records.Add(JsonSerializer.Deserialize<JournalRecord>(json)!);
            else if (JsonSerializer.Deserialize<string>(json) != header) break;
        }
        return good;
    }

    static string? Verify(string line) =>
        line.Length > HashLength && line[HashLength] == ' ' && line[(HashLength + 1)..] is var json && Hash(json) == line[..HashLength]
            ? json
            : null;

    static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, HashLength / 2));

    void WriteLine(string json) => _stream.Write(Encoding.UTF8.GetBytes($"{Hash(json)} {json}\n"));
}

/// <summary>One record of a <see cref="ResultJournal"/>: a result, or with <see cref="Row"/> null what a finished part took.</summary>
/// <param name="Cell">The cell's index.</param>
/// <param name="Number">The item's index, or the part's number.</param>
/// <param name="Row">The result, or null.</param>
/// <param name="Cost">What the finished part took; null for a result.</param>
internal sealed record JournalRecord(int Cell, long Number, ResultRow? Row, PartCost? Cost);
