using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// The keys and values of some sequences in all layers of a model. A pass over a few positions reads those of the others from here,
/// and leaves its own (Vaswani et al. 2017, section 3.2, of which this saves what doesn't change).
/// </summary>
sealed class KeyValueCache : IDisposable
{
    const int FirstRows = 16;

    readonly LanguageModel _model;
    Tensor _kept; // (layers, 2, R, G, P, d_h)

    /// <summary>Room for sequences of up to P positions.</summary>
    /// <param name="model">A model whose <see cref="LanguageModel.KeepsKeys"/> holds.</param>
    /// <param name="columns">P.</param>
    /// <param name="rows">R, sequences to have room for at first.</param>
    public KeyValueCache(LanguageModel model, int columns, int rows = FirstRows)
    {
        (_model, Columns) = (model, columns);
        _kept = Room(rows);
    }

    /// <summary>P.</summary>
    public int Columns { get; }

    /// <summary>R, the sequences that there's room for.</summary>
    public int Rows => (int)_kept.size(2);

    /// <summary>Makes room for more sequences, twice as many each time.</summary>
    public void Reserve(int rows)
    {
        if (rows <= Rows) return;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var larger = Room(Math.Max(rows, 2 * Rows));
        larger.narrow(2, 0, Rows).copy_(_kept);
        _kept.Dispose();
        _kept = larger.DetachFromDisposeScope();
    }

    /// <summary>Copies sequences, each from one row to another; all are read before any is written.</summary>
    /// <param name="from">Rows of <paramref name="source"/>.</param>
    /// <param name="to">Rows of this cache.</param>
    /// <param name="source">The cache that they come from, of no more columns than this; null for this one.</param>
    public void Copy(ReadOnlySpan<long> from, ReadOnlySpan<long> to, KeyValueCache? source = null)
    {
        if (from.IsEmpty) return;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        source ??= this;
        var rows = source._kept.index_select(2, tensor(from.ToArray(), device: _model.Device)); // (layers, 2, n, G, P', d_h)
        _kept.narrow(4, 0, source.Columns).index_copy_(2, tensor(to.ToArray(), device: _model.Device), rows);
    }

    /// <summary>One layer's keys and values of some sequences; what is written there is kept. // (2, B, G, P, d_h)</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">B.</param>
    internal Tensor Layer(int layer, long first, long rows) => _kept.select(0, layer).narrow(1, first, rows);

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    // What stands where nothing was written is hidden by the bias, but must be a number: 0 times it is added.
    Tensor Room(int rows)
    {
        var config = _model.Config;
        return zeros([config.Family.Attentions(config), 2, rows, config.KeyValueHeads, Columns, config.HeadSize], device: _model.Device)
            .DetachFromDisposeScope();
    }
}
