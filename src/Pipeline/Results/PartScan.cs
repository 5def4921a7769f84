using System.Text.Json;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a part file holds, read back from its lines.</summary>
/// <param name="Lines">The number of its lines.</param>
/// <param name="Nfe">Their forward passes.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Errors">The lines with errors: their number in the part, from 0, and the error's code.</param>
internal sealed record PartScan(int Lines, long Nfe, long Tokens, IReadOnlyList<(int Line, string Code)> Errors)
{
    /// <summary>Reads a part; null where it isn't a whole file of results.</summary>
    public static PartScan? Read(string path)
    {
        int lines = 0;
        long nfe = 0, tokens = 0;
        var errors = new List<(int, string)>();
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length > 0 && bytes[^1] != (byte)'\n') return null;
        try
        {
            for (int start = 0, length; start < bytes.Length; start += length + 1, lines++)
            {
                length = bytes.AsSpan(start).IndexOf((byte)'\n');
                using JsonDocument line = JsonDocument.Parse(bytes.AsMemory(start, length));
                if (line.RootElement.TryGetProperty("error", out JsonElement error))
                    errors.Add((lines, error.GetProperty("code").GetString()!));
                else
                {
                    nfe += line.RootElement.GetProperty("nfe").GetInt64();
                    tokens += line.RootElement.GetProperty("length").GetInt64();
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
        return new PartScan(lines, nfe, tokens, errors);
    }
}
