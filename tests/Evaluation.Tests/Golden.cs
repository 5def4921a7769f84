using System.Text.Json;

namespace DiffusionBatch.Evaluation.Tests;

/// <summary>What sacreBLEU 2.6.0 computed, and the texts it computed it of.</summary>
internal static class Golden
{
    public static JsonElement Expected()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/metrics/expected.json")));
        return document.RootElement.Clone();
    }

    /// <summary>A text file's lines, parted by line feeds alone.</summary>
    public static string[] Lines(string name) => File.ReadAllText(SharedData.Require("golden/metrics/" + name)).TrimEnd('\n').Split('\n');

    public static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(s => s.GetString()!)];

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(s => s.GetDouble())];

    public static void Same(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Abs(expected), $"expected {expected:R}, found {actual:R}");
}
