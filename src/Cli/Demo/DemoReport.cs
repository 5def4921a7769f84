using System.Text.Json;
using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Cli.Running;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Demo;

/// <summary>What the demo shows at its end: quality against steps, and three held-out messages translated.</summary>
internal sealed class DemoReport(string root, DemoSettings settings)
{
    /// <summary>The report for a browser.</summary>
    public string Html => Path.Combine(root, DemoManifest.Report, "report.html");

    /// <summary>Prints the table and the translations.</summary>
    public void Show(Screen screen)
    {
        if (ReportTable.Read(Path.Combine(root, DemoManifest.Report), "Quality against denoising steps, on held-out messages") is { } table)
            screen.Data(table);
        Dictionary<int, Dictionary<string, string>> texts = settings.SamplingSteps.ToDictionary(s => s, Texts);
        foreach (MessagePair pair in Examples())
        {
            screen.Data("");
            screen.Data($"source      {pair.Source}");
            screen.Data($"reference   {pair.Target}");
            foreach (int steps in settings.SamplingSteps)
                screen.Data(
                    $"{(steps == 1 ? " 1 step" : $"{steps,2} steps"),-10} "
                        + $" {(texts[steps].GetValueOrDefault(pair.Id) is { Length: > 0 } text ? text : "(empty)")}");
        }
    }

    /// <summary>The files that the demo should have made and that are missing.</summary>
    public IEnumerable<string> Missing()
    {
        int items = File.ReadLines(Path.Combine(root, DemoManifest.Test)).Count();
        foreach (int steps in settings.SamplingSteps)
            if (Texts(steps).Count is int found && found != items) yield return $"{found} of {items} texts at {steps} steps";
        if (!File.Exists(Html)) yield return Html;
    }

    // Fixed by the data, not chosen for looks: the first held-out messages that are neither very short nor long.
    IEnumerable<MessagePair> Examples()
    {
        MessagePair[] all = [.. File.ReadLines(Path.Combine(root, DemoManifest.Test)).Select(line =>
        {
            using JsonDocument pair = JsonDocument.Parse(line);
            return new MessagePair(
                pair.RootElement.GetProperty("id").GetString()!, pair.RootElement.GetProperty("source").GetString()!,
                pair.RootElement.GetProperty("target").GetString()!);
        })];
        return all.OrderBy(p => MessageText.Words(p.Target) is >= 4 and <= 9 ? 0 : 1).Take(3);
    }

    Dictionary<string, string> Texts(int steps)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        string folder = Path.Combine(root, DemoManifest.Results, $"steps={steps}");
        if (!Directory.Exists(folder)) return texts;
        foreach (string line in Directory.EnumerateFiles(folder, "part-*.jsonl").SelectMany(File.ReadLines))
        {
            using JsonDocument result = JsonDocument.Parse(line);
            // A line has either a text or a typed error.
            texts[result.RootElement.GetProperty("id").GetString()!] = result.RootElement.TryGetProperty("error", out JsonElement error)
                ? $"(error: {error.GetProperty("code").GetString()})" : result.RootElement.GetProperty("text").GetString() ?? "";
        }
        return texts;
    }
}
