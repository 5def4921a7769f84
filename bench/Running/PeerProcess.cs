using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>
/// A peer in a process of its own that answers one JSON line to each: <c>prepare</c> builds a case, <c>run</c> runs it n times
/// and tells its seconds, so that neither start-up nor the pipe is timed and the sides can take turns.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    // What allocators and thread pools are set by: it may have been set for our side, and the peer runs as it comes.
    private static readonly string[] s_settings = ["OMP_", "GOMP_", "KMP_", "MKL_", "MALLOC_", "GLIBC_TUNABLES", "LD_PRELOAD", "DNNL_",
        "ONEDNN_", "ATEN_"];

    private readonly Process _process;

    private PeerProcess(ProcessStartInfo start, BenchOptions options)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        Description = Ask(new JsonObject { ["hello"] = options.Threads }).GetProperty("description").GetString()!;
    }

    /// <summary>Versions and threads.</summary>
    internal string Description { get; }

    /// <summary>Starts the peer on TorchSharp (<c>peers/TorchPeer</c>).</summary>
    internal static PeerProcess StartTorch(BenchOptions options)
    {
        var start = new ProcessStartInfo(DbatchProcess.Host, [Path.Combine(AppContext.BaseDirectory, "TorchPeer.dll")]);
        foreach (string name in start.Environment.Keys.Where(name =>
            s_settings.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToArray())
            start.Environment.Remove(name);
        return Started(new PeerProcess(start, options))!;
    }

    /// <summary>Starts a peer that needs Python alone; says what is missing and answers null where there is none.</summary>
    internal static PeerProcess? StartPython(BenchOptions options, string program)
    {
        string? python = PythonFinder.Find(options.Python);
        if (python is null)
            Console.WriteLine("No Python was found: ours runs alone. --python PATH names one.");
        return Started(python is null
            ? null
            : new PeerProcess(new ProcessStartInfo(python, ["-u", Path.Combine(AppContext.BaseDirectory, "peers", program)]), options));
    }

    /// <summary>Builds a case, in place of the one before.</summary>
    internal void Prepare(string name, JsonObject settings) => Ask(new JsonObject { ["prepare"] = name, ["with"] = settings });

    /// <summary>Runs the case once; answers what it tells of the run, <c>seconds</c> among it.</summary>
    internal JsonElement Tell() => Run(1, true);

    /// <summary>Seconds of <paramref name="count"/> runs.</summary>
    internal double Seconds(int count) => Run(count, false).GetProperty("seconds").GetDouble();

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close(); // It ends with its input.
        _process.WaitForExit();
        _process.Dispose();
    }

    private static PeerProcess? Started(PeerProcess? peer)
    {
        Console.WriteLine($"{Machine.Description}; peer: {peer?.Description ?? "none"}");
        return peer;
    }

    private JsonElement Run(int count, bool tell) => Ask(new JsonObject { ["run"] = count, ["tell"] = tell });

    private JsonElement Ask(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"the peer ended without an answer to {request.ToJsonString()}");
        using var answer = JsonDocument.Parse(line);
        if (answer.RootElement.TryGetProperty("error", out var error))
            throw new InvalidOperationException($"the peer failed: {error.GetString()}");
        return answer.RootElement.GetProperty("ok").Clone();
    }
}
