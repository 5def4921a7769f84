using System.Diagnostics;
using System.Text.Json;

namespace DiffusionBatch.Bench;

/// <summary>One run of a job through the pipeline.</summary>
/// <param name="Job">Its id.</param>
/// <param name="State">How it ended.</param>
/// <param name="Output">Where the pipeline has its files.</param>
/// <param name="Fetched">Where they were fetched to.</param>
internal sealed record Round(string Job, string State, string Output, string Fetched)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500), s_limit = TimeSpan.FromMinutes(20);

    /// <summary>
    /// Runs a job again and again, each time into another output, until the fire is over and the job that it met last has ended.
    /// </summary>
    internal static async Task<List<Round>> RepeatAsync(ChaosData data, UpProcess up, string manifest, Task fire)
    {
        var rounds = new List<Round>();
        do
            rounds.Add(await RunAsync(data, up, manifest, $"{Path.GetFileNameWithoutExtension(manifest)}/{rounds.Count + 1}"));
        while (!fire.IsCompleted);
        await fire;
        return rounds;
    }

    private static async Task<Round> RunAsync(ChaosData data, UpProcess up, string manifest, string output)
    {
        long started = Stopwatch.GetTimestamp();
        string file = data.WithOutput(manifest, output), server = up.Url.ToString();
        string job = (await DbatchProcess.RunAsync(data.Undisturbed, "submit", file, "--upload", ".", "--server", server)).Trim();
        string state = await EndAsync(up.Url, job);
        Console.WriteLine($"disturbed    {output} is {state} after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        await DbatchProcess.RunAsync(data.Undisturbed, "results", job, "--out", data.Fetched(job), "--server", server);
        return new Round(job, state, output, data.Fetched(job));
    }

    private static async Task<string> EndAsync(Uri url, string job)
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            try
            {
                using JsonDocument view = JsonDocument.Parse(await client.GetStringAsync(new Uri(url, $"api/jobs/{job}"), limit.Token));
                string state = view.RootElement.GetProperty("state").GetString()!;
                if (state is "completed" or "completedWithErrors" or "failed" or "cancelled" or "expired")
                    return state;
            }
            catch (HttpRequestException)
            {
                // The index is away.
            }
            await Task.Delay(s_look, limit.Token);
        }
    }
}
