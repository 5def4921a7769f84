using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>
/// A Python program in a child process that answers one JSON line to each: <c>prepare</c> builds a case, <c>run</c> runs it n times
/// and tells its seconds, so that neither start-up nor the pipe is timed and the sides can take turns.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private const int SettleMilliseconds = 4;
    private readonly Process _process;

    private PythonPeer(string python, string program, int threads)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peers", program);
        var start = new ProcessStartInfo(python, ["-u", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string name in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
            start.Environment[name] = threads.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        Description = Ask(new JsonObject { ["hello"] = threads }).GetProperty("description").GetString()!;
    }

    /// <summary>Versions and threads.</summary>
    internal string Description { get; }

    /// <summary>Starts the engine's peer, PyTorch; says what is missing and answers null where it can't be had.</summary>
    internal static PythonPeer? Start(BenchOptions options) =>
        Start(options, "peer.py", "torch, numpy", "No Python with PyTorch was found: ours runs alone. On Debian: apt install python3-torch libopenblas0-pthread; elsewhere: --python PATH.");

    /// <summary>Starts a peer that needs Python alone.</summary>
    /// <inheritdoc cref="Start(BenchOptions)"/>
    internal static PythonPeer? StartPlain(BenchOptions options, string program) =>
        Start(options, program, "json", "No Python was found: ours runs alone. --python PATH names one.");

    private static PythonPeer? Start(BenchOptions options, string program, string modules, string missing)
    {
        string? python = PythonFinder.Find(options.Python, modules);
        if (python is null)
            Console.WriteLine(missing);
        PythonPeer? peer = python is null ? null : new PythonPeer(python, program, options.Threads);
        Console.WriteLine($"{Machine.Description}; {options.Threads} threads; peer: {peer?.Description ?? "none"}");
        return peer;
    }

    /// <summary>Builds a case, in place of the one before.</summary>
    internal JsonElement Prepare(string name, JsonObject settings) => Ask(new JsonObject { ["prepare"] = name, ["with"] = settings });

    /// <summary>Runs the case once; answers what it tells of the run.</summary>
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

    private JsonElement Run(int count, bool tell)
    {
        var answer = Ask(new JsonObject { ["run"] = count, ["tell"] = tell });
        Thread.Sleep(SettleMilliseconds); // OpenMP's idle threads spin for a moment; they shouldn't spin beside ours.
        return answer;
    }

    private JsonElement Ask(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the peer ended without an answer to {request.ToJsonString()}");
        using var answer = JsonDocument.Parse(line);
        if (answer.RootElement.TryGetProperty("error", out var error))
            throw new InvalidOperationException($"the peer failed: {error.GetString()}");
        return answer.RootElement.GetProperty("ok").Clone();
    }
}
