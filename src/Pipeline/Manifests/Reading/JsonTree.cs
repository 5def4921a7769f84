using System.Text;
using System.Text.Json;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Reads JSON, with comments and trailing commas, into a tree with places.</summary>
internal static class JsonTree
{
    static readonly JsonReaderOptions Options =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>Reads a text. Names that stand twice in an object are handed to <paramref name="twice"/>; the first counts.</summary>
    /// <exception cref="ManifestSyntaxException">It isn't JSON.</exception>
    public static ManifestNode Read(byte[] utf8, TextPlaces places, Action<ManifestMember> twice)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        try
        {
            reader.Read();
            var root = Value(ref reader, "", places, twice);
            while (reader.Read()) { }
            return root;
        }
        catch (JsonException error)
        {
            var (line, column) = places.Of(error.LineNumber ?? 0, error.BytePositionInLine ?? 0);
            throw new ManifestSyntaxException(line, column, "malformed JSON: " + Printable.OfJsonError(error.Message));
        }
    }

    static ManifestNode Value(ref Utf8JsonReader reader, string pointer, TextPlaces places, Action<ManifestMember> twice)
    {
        var (line, column) = places.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var node = new ManifestNode(NodeKind.Object, pointer, line, column);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = Text(ref reader, places);
                    var (nameLine, nameColumn) = places.Of(reader.TokenStartIndex);
                    reader.Read();
                    var member = new ManifestMember(name, nameLine, nameColumn,
                        Value(ref reader, ManifestNode.Under(pointer, name), places, twice));
                    if (node[name] is not null) twice(member);
                    else node.Members.Add(member);
                }
                return node;
            case JsonTokenType.StartArray:
                var list = new ManifestNode(NodeKind.List, pointer, line, column);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(Value(ref reader, ManifestNode.Under(pointer, list.Items.Count), places, twice));
                return list;
            case JsonTokenType.String:
                return new ManifestNode(NodeKind.Text, pointer, line, column) { Text = Text(ref reader, places) };
            case JsonTokenType.Number:
                reader.TryGetDouble(out double number); // beyond a double it is infinite, which no range accepts
                return new ManifestNode(NodeKind.Number, pointer, line, column)
                {
                    Text = Encoding.UTF8.GetString(reader.ValueSpan),
                    Number = number
                };
            case JsonTokenType.True or JsonTokenType.False:
                return new ManifestNode(NodeKind.Boolean, pointer, line, column) { Boolean = reader.TokenType == JsonTokenType.True };
            default:
                return new ManifestNode(NodeKind.Null, pointer, line, column);
        }
    }

    static string Text(ref Utf8JsonReader reader, TextPlaces places)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException) // what the reader throws for \uD800 without its other half
        {
            var (line, column) = places.Of(reader.TokenStartIndex);
            throw new ManifestSyntaxException(line, column, "malformed JSON: half of a surrogate pair in a \\u escape");
        }
    }
}
