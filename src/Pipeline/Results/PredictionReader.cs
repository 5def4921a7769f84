using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>
/// Reads predictions: a results folder, each subfolder of which is a cell, a folder of results folders, or one JSONL file.
/// </summary>
public static class PredictionReader
{
    const int MaxProblems = 20;
    static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// The cells at a path, in the order of <c>manifest.json</c>, else by steps and then name; those of results folders inside it come
    /// last, folder by folder.
    /// </summary>
    public static IReadOnlyList<PredictionCell> Cells(string path)
    {
        if (File.Exists(path)) return [new PredictionCell("all", [path])];
        // A cell's own folder may be given as well: its parts are the one cell.
        if (Parts(path).Count > 0) return [OfFolder(path)];
        return [.. OfResults(path), .. Folders(path).Where(d => Parts(d).Count == 0).Order(StringComparer.Ordinal)
            .SelectMany(d => OfResults(d).Select(c => c with { Name = $"{Path.GetFileName(d)}/{c.Name}" }))];
    }

    static IEnumerable<PredictionCell> OfResults(string folder)
    {
        List<string> listed = OutputManifest.Read(folder)?.Cells?.Select(c => c.Cell).ToList() ?? [];
        return Folders(folder).Select(d => OfFolder(d) with { Results = (folder, Path.GetFileName(d)) })
            .Where(c => c.Files.Count > 0)
            .OrderBy(c => listed.IndexOf(c.Name) is >= 0 and int place ? place : int.MaxValue)
            .ThenBy(c => Steps(c.Name)).ThenBy(c => c.Name, StringComparer.Ordinal);
    }

    static IEnumerable<string> Folders(string path) => Directory.EnumerateDirectories(path).Where(d => Path.GetFileName(d)[0] != '.');

    /// <summary>The lines of a cell, as they are read.</summary>
    /// <exception cref="ProblemsException">A line is malformed; <see cref="Check"/> finds all of them beforehand.</exception>
    public static IEnumerable<Prediction> Read(PredictionCell cell)
    {
        foreach (string file in cell.Files)
            foreach ((int number, string? line, string? error) in Lines(file))
            {
                Prediction prediction = Parse(line, out string? message)
                    ?? throw new ProblemsException(new Problem(file, null, number, null, error ?? message!));
                yield return prediction with { File = file, Line = number };
            }
    }

    /// <summary>
    /// Reads all predictions through and says what is wrong with them: up to 20 problems. An id that comes twice is none:
    /// the job lists it.
    /// </summary>
    /// <param name="path">Where they are on this machine.</param>
    /// <param name="name">What problems call it: the path under the root.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IReadOnlyList<Problem> Check(string path, string name, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) return [Problem.OfFile(name, "neither a file nor a folder is there")];
        IReadOnlyList<PredictionCell> cells = Cells(path);
        if (cells.Count == 0) return [Problem.OfFile(name, "the folder has no subfolder with results (part-00000.jsonl and so on)")];
        var problems = new List<Problem>();
        long more = 0;
        foreach (PredictionCell cell in cells)
        {
            bool empty = true;
            foreach (string full in cell.Files)
            {
                string file = File.Exists(path) ? name : $"{name}/{FolderFiles.Name(path, full)}";
                foreach ((int number, string? line, string? error) in Lines(full))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    empty = false;
                    string? message = error;
                    if (message is null) Parse(line, out message);
                    if (message is null) continue;
                    if (problems.Count < MaxProblems) problems.Add(new Problem(file, null, number, null, message));
                    else more++;
                }
            }
            if (empty && problems.Count == 0)
                problems.Add(Problem.OfFile(name, $"cell {cell.Name} is empty; at least one line is expected"));
        }
        return more == 0 ? problems : [.. problems, Problem.OfFile(name, $"{more} more problem{(more == 1 ? "" : "s")}")];
    }

    static PredictionCell OfFolder(string folder) => new(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), Parts(folder))
    {
        TraceFiles = Lines(folder, name => ResultLayout.IsOf(BesideFile.Trace, name)),
        VerifyFiles = Lines(folder, name => ResultLayout.IsOf(BesideFile.Verify, name)),
    };

    static List<string> Parts(string folder) => Lines(folder, name => !ResultLayout.IsBeside(name));

    static List<string> Lines(string folder, Func<string, bool> wanted) =>
        [.. Directory.EnumerateFiles(folder, "*.jsonl").Where(f => wanted(Path.GetFileName(f))).Order(StringComparer.Ordinal)];

    static int Steps(string cell) =>
        cell.StartsWith("steps=", StringComparison.Ordinal) && int.TryParse(cell.AsSpan(6, (cell + ",").IndexOf(',') - 6), out int steps)
            ? steps
            : int.MaxValue;

    static IEnumerable<(int Number, string? Line, string? Error)> Lines(string file)
    {
        if (ForeignForm.OfFile(file) is { } foreign)
        {
            yield return (1, null, foreign);
            yield break;
        }
        using var reader = new StreamReader(file, s_utf8);
        for (int number = 1; ; number++)
        {
            string? line = null, error = null;
            try
            {
                line = reader.ReadLine();
                if (line is null) yield break;
            }
            catch (DecoderFallbackException)
            {
                error = "invalid UTF-8";
            }
            if (error is not null)
            {
                yield return (number, null, error);
                yield break;
            }
            if (!string.IsNullOrWhiteSpace(line)) yield return (number, line, null);
        }
    }

    static Prediction? Parse(string? line, out string? message)
    {
        message = null;
        if (line is null) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) message = "a JSON object is expected";
            else if (!root.TryGetProperty("id", out JsonElement id) || id.ValueKind != JsonValueKind.String || id.GetString()!.Length == 0)
                message = "\"id\" is expected: a text that isn't empty";
            else if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
                return new Prediction(id.GetString()!, null,
                    error.TryGetProperty("code", out JsonElement code) ? code.ToString() : "error");
            else if (!root.TryGetProperty("text", out JsonElement text)
                || !(text.ValueKind == JsonValueKind.String || (text.ValueKind == JsonValueKind.Null && Ids(root) is not null)))
                message = text.ValueKind == JsonValueKind.Null
                    ? "\"text\" is null: the model had no tokenizer, there is nothing to score"
                    : "\"text\" is expected: a text";
            else return new Prediction(id.GetString()!, text.GetString(), null)
            {
                Nfe = Integer(root, "nfe"),
                Length =
                Integer(root, "length"),
                Ids = Ids(root),
                LogLikelihood = Real(root, "logLikelihood"),
                Tokens = Integer(root, "tokens")
            };
        }
        catch (JsonException e)
        {
            message = $"malformed JSON at byte {e.BytePositionInLine + 1}: {Printable.OfJsonError(e.Message)}";
        }
        catch (InvalidOperationException) // what a text throws for \uD800 without its other half
        {
            message = "malformed JSON: half of a surrogate pair in a \\u escape";
        }
        return null;
    }

    static double? Real(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static int[]? Ids(JsonElement line)
    {
        if (!line.TryGetProperty("ids", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return null;
        var ids = new int[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement id in list.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out ids[i++])) return null;
        }
        return ids;
    }

    static long? Integer(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : null;
}
