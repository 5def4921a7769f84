using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Diffusion.Checkpoints;

namespace DiffusionBatch.Cli.Inspection;

/// <summary>Says on standard error how far a large model's loading is, a line for each tenth; a small one's is not worth a word.</summary>
internal sealed class LoadingNotes(Screen screen) : IProgress<LoadProgress>
{
    const long WorthTelling = 100_000_000;
    long _told;

    /// <inheritdoc/>
    public void Report(LoadProgress value)
    {
        if (value.AllBytes < WorthTelling) return;
        long tenth = value.Bytes * 10 / value.AllBytes;
        if (tenth <= _told) return;
        _told = tenth;
        screen.Note(string.Create(CultureInfo.InvariantCulture, $"dbatch: loading, {value.Bytes / 1_000_000:N0} of {value.AllBytes / 1_000_000:N0} MB"));
    }
}
