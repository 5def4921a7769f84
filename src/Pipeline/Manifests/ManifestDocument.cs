using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Manifests.Reading;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>
/// A text of a manifest's syntax, of whatever shape: a template, say, which is no manifest before its words are in place.
/// </summary>
public sealed class ManifestDocument
{
    static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly ManifestText _text;

    ManifestDocument(ManifestText text) => _text = text;

    /// <summary>Reads a file; its extension tells the syntax.</summary>
    /// <exception cref="ProblemsException">It isn't there, or is neither JSON nor YAML.</exception>
    public static ManifestDocument Read(string path)
    {
        if (!File.Exists(path)) throw new ProblemsException(Problem.OfFile(path, "the manifest does not exist"));
        ManifestText? text = ManifestAssembly.Tree(File.ReadAllBytes(path), path, ManifestReader.FormatOf(path),
            out ManifestReading? refused);
        return text is null ? throw new ProblemsException(refused!.Problems)
            : text.Problems.Count > 0 ? throw new ProblemsException(text.Problems)
            : new ManifestDocument(text);
    }

    /// <summary>The document as JSON, in one line.</summary>
    public string ToJson() => Json(_text.Root);

    /// <summary>A problem at the place of a pointer's value, or of the nearest one around it.</summary>
    public Problem At(string pointer, string message) =>
        new(_text.File, pointer, _text.Nearest(pointer).Line, _text.Nearest(pointer).Column, message);

    /// <summary>A tree as JSON, in one line.</summary>
    internal static string Json(ManifestNode node) => Node(node)?.ToJsonString(s_json) ?? "null";

    static JsonNode? Node(ManifestNode node) => node.Kind switch
    {
        NodeKind.Object => new JsonObject(node.Members.Select(member => KeyValuePair.Create(member.Name, Node(member.Value)))),
        NodeKind.List => new JsonArray([.. node.Items.Select(Node)]),
        NodeKind.Text => JsonValue.Create(node.Text),
        NodeKind.Number => Math.Abs(node.Number) < 1L << 53 && node.Number == Math.Truncate(node.Number)
            ? JsonValue.Create((long)node.Number) : JsonValue.Create(node.Number),
        NodeKind.Boolean => JsonValue.Create(node.Boolean),
        _ => null,
    };
}
