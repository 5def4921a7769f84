using System.Text.Json;
using DiffusionBatch.LocalHost.Processes;

namespace DiffusionBatch.LocalHost.Workers;

/// <summary>How an app's worker is started: its worker.config.json.</summary>
/// <param name="Program">The program.</param>
/// <param name="Assembly">Its first argument: the app's assembly, or null where the program is the app.</param>
internal sealed record WorkerConfig(string Program, string? Assembly)
{
    const string Name = "worker.config.json";

    /// <summary>Reads the file of an app's folder.</summary>
    /// <exception cref="FunctionsHostException">There is none, or it doesn't say what to start.</exception>
    public static WorkerConfig Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path)) throw new FunctionsHostException($"There is no {path}: the folder is no built function app.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement description = document.RootElement.GetProperty("description");
            string program = description.GetProperty("defaultExecutablePath").GetString()!;
            string? assembly = description.TryGetProperty("defaultWorkerPath", out JsonElement worker)
                ? Path.Combine(folder, worker.GetString()!)
                : null;
            // An app that brings its own runtime names its program by its folder.
            return new WorkerConfig(
                program == "dotnet"
                    ? Dotnet.Host
                    : program.Replace("{WorkerRoot}", folder + Path.DirectorySeparatorChar, StringComparison.Ordinal),
                assembly);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            string why = e is JsonException json
                ? $"malformed JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}"
                : e.Message;
            throw new FunctionsHostException(
                $"{path} doesn't say what to start (description.defaultExecutablePath and .defaultWorkerPath): {why}", e);
        }
    }
}
