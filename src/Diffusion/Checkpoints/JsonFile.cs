using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Reads a checkpoint's JSON files.</summary>
static class JsonFile
{
    /// <summary>The object in a file, or null: the file is absent, or (then a problem is added) it is required, or malformed.</summary>
    public static JsonObject? ReadObject(string folder, string file, ICollection<CheckpointProblem> problems, bool required = false)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            if (required) problems.Add(new CheckpointProblem(file, null, "the file is missing"));
            return null;
        }
        try
        {
            var node = JsonNode.Parse(File.ReadAllBytes(path));
            if (node is JsonObject json)
            {
                _ = json.Count; // Duplicate fields are found when the object is first read.
                return json;
            }
            problems.Add(new CheckpointProblem(file, null, "the file does not hold an object", "a JSON object", node?.GetValueKind().ToString() ?? "null"));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            problems.Add(new CheckpointProblem(file, null, $"the file can't be read: {e.Message}"));
        }
        return null;
    }
}
