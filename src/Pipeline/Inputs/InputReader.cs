using System.Security.Cryptography;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>
/// Reads JSONL input files as streams: memory doesn't grow with the number of lines, but for the ids' hashes while
/// checking. Blank lines are skipped, though they count in line numbers; a byte order mark and CRLF are fine.
/// </summary>
public static class InputReader
{
    /// <summary>The longest line of an item to generate for, in bytes; a longer one is the item error tooLong.</summary>
    public const int MaxItemBytes = 1 << 20;

    /// <summary>The most problems of one file that are listed one by one.</summary>
    public const int MaxProblems = 20;

    /// <summary>
    /// Reads a whole file, checks every line and computes the content's hash. A file that is missing, empty or not
    /// readable is a problem in the result like any other.
    /// </summary>
    /// <param name="path">Where the file is on this machine.</param>
    /// <param name="file">What problems call it: its path under the root.</param>
    /// <param name="use">What it is read for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static InputCheck Check(string path, string file, InputUse use, CancellationToken cancellationToken = default)
    {
        try
        {
            return Directory.Exists(path)
                ? Refused(file, "expected a file, found a folder")
                : Check(Open(path), file, use, null, cancellationToken);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Missing(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Refused(file, $"the file can't be read: {error.Message}");
        }
    }

    /// <summary>As <see cref="Check(string, string, InputUse, CancellationToken)"/>, of a stream, which it disposes.</summary>
    /// <param name="content">The file's content.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="use">What it is read for.</param>
    /// <param name="visit">Told of each item as it is read, or null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static InputCheck Check(Stream content, string file, InputUse use, Action<ItemSpan>? visit, CancellationToken cancellationToken)
    {
        var problems = new ProblemList(file, MaxProblems);
        long items = 0, itemErrors = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var lines = new JsonlLines(content, hash);
        var ids = new SeenIds();
        var found = new List<Problem>();
        foreach (var item in Items(lines, file, new LineParser(file, use, keepTexts: false, keepOther: false), found, 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            problems.Take(found);
            if (item is null) continue;
            items++;
            if (item.Error is not null) itemErrors++;
            if (ids.Add(item.Id, item.Line) is > 0 and var first)
                problems.Add(new Problem(file, "/id", item.Line, null,
                    $"duplicate id {Printable.Quoted(item.Id)}: line {first} has it too"));
            visit?.Invoke(new ItemSpan(item.Index, item.Line, lines.Offset, lines.End));
        }
        long bytes = lines.BytesRead;
        if (items == 0 && problems.IsEmpty)
            problems.Add(Problem.OfFile(file, bytes == 0
                ? "the file is empty; at least one line is expected"
                : "the file has blank lines only; at least one JSON line is expected"));
        return new InputCheck(items, itemErrors, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), problems.All);
    }

    /// <summary>What a check says of a file that isn't there.</summary>
    public static InputCheck Missing(string file) => Refused(file, "the file does not exist");

    /// <summary>The items of a file to generate for, in order, as they are read.</summary>
    /// <param name="path">Where the file is on this machine.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="passThrough">Whether the lines' other fields are kept.</param>
    /// <exception cref="ProblemsException">A line is bad. Duplicate ids are found by
    /// <see cref="Check(string, string, InputUse, CancellationToken)"/> alone.</exception>
    public static IEnumerable<InputItem> ReadSample(string path, string file, bool passThrough = false) =>
        Read(() => Open(path), file, InputUse.Sample, passThrough);

    /// <summary>The items of a part of a file to generate for, in order, as they are read.</summary>
    /// <param name="path">Where the part is on this machine: whole lines of the file.</param>
    /// <param name="file">What problems call the file.</param>
    /// <param name="first">Where in the file the part's first item stands.</param>
    /// <param name="passThrough">Whether the lines' other fields are kept.</param>
    /// <exception cref="ProblemsException">A line is bad.</exception>
    public static IEnumerable<InputItem> ReadSample(string path, string file, ItemSpan first, bool passThrough = false) =>
        Read(() => Open(path), file, InputUse.Sample, passThrough, first);

    /// <summary>Where the items of a part of a file stand.</summary>
    /// <param name="path">Where the part is on this machine: whole lines of the file.</param>
    /// <param name="file">What problems call the file.</param>
    /// <param name="first">Where in the file the part's first item stands.</param>
    /// <exception cref="ProblemsException">A line is bad.</exception>
    internal static IReadOnlyList<ItemSpan> Spans(string path, string file, ItemSpan first)
    {
        using var lines = new JsonlLines(Open(path), null, first.Offset, first.Line - 1);
        var problems = new List<Problem>();
        var spans = new List<ItemSpan>();
        foreach (var item in Items(lines, file, new LineParser(file, InputUse.Sample, keepTexts: false, keepOther: false), problems,
            first.Index))
            spans.Add(item is null ? throw new ProblemsException(problems) : new ItemSpan(item.Index, item.Line, lines.Offset, lines.End));
        return spans;
    }

    /// <summary>The training pairs of a file, in order, as they are read; each has a source and one target.</summary>
    /// <inheritdoc cref="ReadSample(string, string, bool)"/>
    public static IEnumerable<InputItem> ReadPairs(string path, string file) => Read(() => Open(path), file, InputUse.Pairs, false);

    /// <summary>The texts of a file to train on, in order, as they are read; each line has a source or a target.</summary>
    /// <inheritdoc cref="ReadSample(string, string, bool)"/>
    public static IEnumerable<InputItem> ReadTexts(string path, string file) => Read(() => Open(path), file, InputUse.Texts, false);

    /// <summary>The references of a file, in order, as they are read; each has at least one target.</summary>
    /// <inheritdoc cref="ReadSample(string, string, bool)"/>
    public static IEnumerable<InputItem> ReadReferences(string path, string file) =>
        Read(() => Open(path), file, InputUse.References, false);

    static IEnumerable<InputItem> Read(Func<Stream> open, string file, InputUse use, bool keepOther, ItemSpan? first = null)
    {
        using var lines = first is { } at ? new JsonlLines(open(), null, at.Offset, at.Line - 1) : new JsonlLines(open());
        var problems = new List<Problem>();
        foreach (var item in Items(lines, file, new LineParser(file, use, keepTexts: true, keepOther), problems, first?.Index ?? 0))
            yield return item ?? throw new ProblemsException(problems);
    }

    // An item for each line that isn't blank; null where the line added to the problems, which the caller empties.
    static IEnumerable<InputItem?> Items(JsonlLines lines, string file, LineParser parser, List<Problem> problems, long index)
    {
        if (lines.Foreign is { } foreign)
        {
            problems.Add(new Problem(file, null, 1, 1, foreign));
            yield return null;
            yield break;
        }
        while (lines.Next())
        {
            if (lines.Oversized)
            {
                problems.Add(new Problem(file, null, lines.Number, null,
                    $"the line is over {JsonlLines.MaxLineBytes >> 20} MiB: the file is not read further"));
                yield return null;
                yield break;
            }
            if (!lines.Line.ContainsAnyExcept(" \t\r"u8)) continue;
            var item = parser.Parse(lines.Line, index, lines.Number, lines.Offset, problems);
            if (item is not null) index++;
            yield return item;
        }
    }

    static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    static InputCheck Refused(string file, string message) => new(0, 0, 0, "", [Problem.OfFile(file, message)]);
}
