using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// Rows of a table whose gradient is added to the rows that were taken, where the table's gradient is already there. The
/// library's own selection makes a gradient of the whole table, zeros but for those rows, and adds it: for 250,000 words of 768
/// numbers that is 2.3 GB to read and write in each step.
/// </summary>
sealed class ScatteredRows : autograd.SingleTensorFunction<ScatteredRows>
{
    const string Table = "table";

    /// <inheritdoc/>
    public override string Name => nameof(ScatteredRows);

    /// <summary>The rows of a table, in the graph where the table learns.</summary>
    /// <param name="table">// (V, e)</param>
    /// <param name="rows">// (R) int64</param>
    /// <returns>// (R, e)</returns>
    public static Tensor Of(Parameter table, Tensor rows)
    {
        if (!is_grad_enabled() || !table.requires_grad) return table.index_select(0, rows);
        using var scope = NewDisposeScope();
        // The table isn't among the arguments, so that no gradient of its size is asked for: this puts the rows into the graph.
        var anchor = zeros([1], device: rows.device, requires_grad: true);
        return apply([new Learning(table), rows, anchor]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (learns, rows) = ((Learning)vars[0], (Tensor)vars[1]);
        ctx.save_data(Table, learns);
        ctx.save_for_backward([rows]);
        return learns.Table.index_select(0, rows);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var table = ((Learning)ctx.get_data(Table)).Table;
        var rows = ctx.get_saved_variables()[0];
        if (table.grad is null) table.grad = zeros_like(table).DetachFromDisposeScope();
        table.grad!.index_add_(0, rows, grad_output, 1);
        return [null!, null!, null!];
    }

    /// <summary>The table, which the graph must not take for one of its tensors.</summary>
    sealed record Learning(Parameter Table);
}
