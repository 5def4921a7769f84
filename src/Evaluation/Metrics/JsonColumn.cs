using System.Text;
using System.Text.Json;

namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Where a line's JSON is malformed. The parser's own words count lines and bytes from 0, and are not for users.</summary>
internal static class JsonColumn
{
    /// <summary>The column in UTF-16 code units, from 1.</summary>
    public static int Of(string line, JsonException e)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(line);
        return Encoding.UTF8.GetCharCount(utf8, 0, (int)Math.Min(utf8.Length, e.BytePositionInLine ?? 0)) + 1;
    }
}
