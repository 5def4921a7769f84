using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench.Peer;

/// <summary>Work that can be repeated.</summary>
internal interface ICase : IDisposable
{
    /// <summary>Does the work once.</summary>
    void Run();

    /// <summary>What came of the last run.</summary>
    JsonObject Tell();
}
