using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DiffusionBatch.Bench;

/// <summary>A client of a <c>dbatch up</c> of its own: Azurite, the API and workers, each a process.</summary>
internal sealed class LocalUp : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly UpProcess _up;
    private readonly HttpClient _client;

    private LocalUp(UpProcess up) => (_up, _client) = (up, new HttpClient { BaseAddress = up.Url, Timeout = s_limit });

    /// <summary>The process of the API, which plans.</summary>
    internal int Api => ProcessMemory.Child(_up.Id, "DiffusionBatch.Functions.dll");

    /// <summary>Starts it on an empty folder; returns once it is ready.</summary>
    internal static async Task<LocalUp> StartAsync(string root, int workers) => new(await UpProcess.StartAsync(root, workers));

    /// <summary>Puts a file of this machine into the pipeline.</summary>
    internal async Task UploadAsync(string name, string file)
    {
        await using var content = File.OpenRead(file);
        using var answer = await _client.PutAsync(new Uri("/api/files/" + name, UriKind.Relative), new StreamContent(content));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Hands a manifest in.</summary>
    /// <returns>The job, and the seconds until the answer was there.</returns>
    internal async Task<(string Job, double Seconds)> SubmitAsync(string manifest)
    {
        long start = Stopwatch.GetTimestamp();
        using var body = new StringContent(manifest, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await _client.PostAsync(new Uri("/api/jobs", UriKind.Relative), body);
        string text = await answer.Content.ReadAsStringAsync();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(text);
        using var json = JsonDocument.Parse(text);
        return (json.RootElement.GetProperty("id").GetString()!, seconds);
    }

    /// <summary>A job, once the API's answer fulfils a condition; an end that isn't <c>completed</c> is an error.</summary>
    internal async Task<JsonElement> WaitAsync(string job, TimeSpan pause, Func<JsonElement, bool> isDone)
    {
        while (true)
        {
            using var json = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/api/jobs/" + job, UriKind.Relative)));
            if (json.RootElement.GetProperty("state").GetString() is "failed" or "completedWithErrors")
                throw new InvalidOperationException($"{json.RootElement}\n{_up.LastLines}");
            if (isDone(json.RootElement))
                return json.RootElement.Clone();
            await Task.Delay(pause);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _up.DisposeAsync();
    }
}
