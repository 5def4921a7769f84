using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using TorchSharp;

namespace DiffusionBatch.Bench.Peer;

/// <summary>
/// Serves the bench by JSON lines, one answer to each request: <c>hello</c> describes the peer, <c>prepare</c> builds a case in
/// place of the one before, <c>run</c> runs it n times and tells the seconds.
/// </summary>
/// <param name="requests">Where the requests come from; the peer ends with it.</param>
/// <param name="answers">Where the answers go.</param>
/// <param name="cases">What builds a case from its settings, by name.</param>
internal sealed class Driver(Stream requests, Stream answers, Dictionary<string, Func<JsonObject, ICase>> cases)
{
    private ICase? _case;

    /// <summary>Answers until the requests end.</summary>
    /// <returns>The exit code.</returns>
    internal int Serve()
    {
        using var reader = new StreamReader(requests);
        using var writer = new StreamWriter(answers) { AutoFlush = true };
        while (reader.ReadLine() is { } line)
        {
            JsonObject answer;
            try
            {
                answer = new JsonObject { ["ok"] = Answer(JsonNode.Parse(line)!.AsObject()) };
            }
#pragma warning disable CA1031 // Whatever went wrong is the bench's to say.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                answer = new JsonObject { ["error"] = problem.ToString() };
            }

            writer.WriteLine(answer.ToJsonString());
        }

        _case?.Dispose();
        return 0;
    }

    private JsonObject Answer(JsonObject request)
    {
        if (request.ContainsKey("hello"))
            return new JsonObject { ["description"] = Describe((int?)request["hello"]) };
        if (request["prepare"] is { } name)
        {
            _case?.Dispose(); // Its memory goes before the next one's comes.
            _case = null;
            _case = cases[(string)name!](request["with"]!.AsObject());
            return [];
        }

        return Run(_case!, (int)request["run"]!, (bool)request["tell"]!);
    }

    private static JsonObject Run(ICase work, int count, bool tell)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            work.Run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var answer = tell ? work.Tell() : [];
        answer["seconds"] = seconds;
        return answer;
    }

    // The number of threads is the library's own, unless the user holds both sides to one.
    private static string Describe(int? threads)
    {
        if (threads is { } asked)
            torch.set_num_threads(asked);
        string version =
            typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        return $"TorchSharp {version} on libtorch {torch.NormalizeNuGetVersion(torch.__version__)} as it "
            + $"comes, {torch.get_num_threads()} threads";
    }
}
