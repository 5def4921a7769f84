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
        var problems = new ProblemList(file, MaxProblems);
        long items = 0, itemErrors = 0, bytes = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            if (Directory.Exists(path)) return Refused(file, "expected a file, found a folder");
            using var lines = new JsonlLines(path, hash);
            var ids = new SeenIds();
            var found = new List<Problem>();
            foreach (var item in Items(lines, file, new LineParser(file, use, keepTexts: false, keepOther: false), found))
            {
                cancellationToken.ThrowIfCancellationRequested();
                problems.Take(found);
                if (item is null) continue;
                items++;
                if (item.Error is not null) itemErrors++;
                if (ids.Add(item.Id, item.Line) is > 0 and var first)
                    problems.Add(new Problem(file, "/id", item.Line, null, $"duplicate id {Printable.Quoted(item.Id)}: line {first} has it too"));
            }
            bytes = lines.BytesRead;
            if (items == 0 && problems.IsEmpty)
                problems.Add(Problem.OfFile(file, bytes == 0 ? "the file is empty; at least one line is expected" : "the file has blank lines only; at least one JSON line is expected"));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refused(file, "the file does not exist");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Refused(file, $"the file can't be read: {error.Message}");
        }
        return new InputCheck(items, itemErrors, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), problems.All);
    }

    /// <summary>The items of a file to generate for, in order, as they are read.</summary>
    /// <param name="path">Where the file is on this machine.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="passThrough">Whether the lines' other fields are kept.</param>
    /// <exception cref="ProblemsException">A line is bad. Duplicate ids are found by <see cref="Check"/> alone.</exception>
    public static IEnumerable<InputItem> ReadSample(string path, string file, bool passThrough = false) => Read(path, file, InputUse.Sample, passThrough);

    /// <summary>The training pairs of a file, in order, as they are read; each has a source and one target.</summary>
    /// <inheritdoc cref="ReadSample"/>
    public static IEnumerable<InputItem> ReadPairs(string path, string file) => Read(path, file, InputUse.Pairs, false);

    /// <summary>The references of a file, in order, as they are read; each has at least one target.</summary>
    /// <inheritdoc cref="ReadSample"/>
    public static IEnumerable<InputItem> ReadReferences(string path, string file) => Read(path, file, InputUse.References, false);

    static IEnumerable<InputItem> Read(string path, string file, InputUse use, bool keepOther)
    {
        using var lines = new JsonlLines(path);
        var problems = new List<Problem>();
        foreach (var item in Items(lines, file, new LineParser(file, use, keepTexts: true, keepOther), problems))
            yield return item ?? throw new ProblemsException(problems);
    }

    // An item for each line that isn't blank; null where the line added to the problems, which the caller empties.
    static IEnumerable<InputItem?> Items(JsonlLines lines, string file, LineParser parser, List<Problem> problems)
    {
        for (long index = 0; lines.Next();)
        {
            if (lines.Oversized)
            {
                problems.Add(new Problem(file, null, lines.Number, null, $"the line is over {JsonlLines.MaxLineBytes >> 20} MiB: the file is not read further"));
                yield return null;
                yield break;
            }
            if (lines.Number == 1 && (lines.Line.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || lines.Line.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])))
            {
                problems.Add(new Problem(file, null, 1, 1, "invalid UTF-8: the file begins as UTF-16; save it as UTF-8"));
                yield return null;
                yield break;
            }
            if (!lines.Line.ContainsAnyExcept(" \t\r"u8)) continue;
            var item = parser.Parse(lines.Line, index, lines.Number, lines.Offset, problems);
            if (item is not null) index++;
            yield return item;
        }
    }

    static InputCheck Refused(string file, string message) => new(0, 0, 0, "", [Problem.OfFile(file, message)]);
}
