using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Files;

/// <summary>Reads a checkpoint's JSON files.</summary>
static class JsonFile
{
    /// <summary>What helps against a file that is no JSON.</summary>
    const string Advice = "repair the file, or copy it again from where the model came";

    /// <summary>The object in a file, or null: the file is absent, or (then a problem is added) it is required, or malformed.</summary>
    public static JsonObject? ReadObject(string folder, string file, ICollection<CheckpointProblem> problems, bool required = false)
    {
        if (Read(folder, file, problems, required) is not { } utf8) return null;
        var node = JsonNode.Parse(utf8);
        if (node is JsonObject json) return json;
        problems.Add(new CheckpointProblem(file, null, "the file does not hold an object", "a JSON object",
            node is null ? "null" : Kind(node.GetValueKind())));
        return null;
    }

    /// <summary>A file's bytes, which are JSON in UTF-8 without names that stand twice; null as for <see cref="ReadObject"/>.</summary>
    public static byte[]? Read(string folder, string file, ICollection<CheckpointProblem> problems, bool required = false)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            if (required)
                problems.Add(new CheckpointProblem(file, null,
                    Directory.Exists(path) ? "a folder stands where the file is expected" : "the file is missing"));
            return null;
        }
        try
        {
            byte[] utf8 = JsonFault.WithoutMark(File.ReadAllBytes(path)).ToArray();
            if (GitLfsPointer.Message(utf8) is { } pointer)
            {
                problems.Add(new CheckpointProblem(file, null, pointer));
                return null;
            }
            if (JsonFault.Find(utf8) is not { } fault) return utf8;
            problems.Add(new CheckpointProblem(file, null, $"{fault.Message}; {Advice}") { Line = fault.Line, Column = fault.Column });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new CheckpointProblem(file, null, $"the file can't be read: {e.Message}"));
        }
        return null;
    }

    static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
