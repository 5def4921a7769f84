using TorchSharp.Modules;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Optim;

/// <summary>What one optimizer is made of, with its own types named.</summary>
internal sealed record OptimizerKind
{
    /// <summary>Options with nothing set.</summary>
    public required Func<OptimizerOptions> Open { get; init; }

    /// <summary>Options with a rate of 0.25 and everything set.</summary>
    public required Func<OptimizerOptions> Filled { get; init; }

    /// <summary>The options besides the rates, in the order in which they are saved.</summary>
    public required Func<OptimizerOptions, object?[]> Settings { get; init; }

    /// <summary>The rate, then the settings, of an optimizer for which nothing was set.</summary>
    public required object?[] Defaults { get; init; }

    public required Func<Parameter[], OptimizerHelper> Plain { get; init; }

    public required Func<Parameter[], ParamGroup> EmptyGroup { get; init; }

    public required Func<Parameter[], OptimizerOptions, ParamGroup> GroupOfOptions { get; init; }

    /// <summary>A group by the constructor of settings, with those of <see cref="Filled"/>.</summary>
    public required Func<Parameter[], ParamGroup> GroupOfSettings { get; init; }

    /// <summary>What a group by the constructor of settings leaves open: the places in <see cref="Settings"/>.</summary>
    public int[] LeftOpen { get; init; } = [];

    /// <summary>Optimizers with the settings of <see cref="Filled"/>, by constructor and by function.</summary>
    public required Func<Parameter[], OptimizerHelper>[] OfParameters { get; init; }

    /// <summary>Optimizers of groups, the rest set as in <see cref="Filled"/>, by constructor and by function.</summary>
    public required Func<ParamGroup[], OptimizerHelper>[] OfGroups { get; init; }

    public required Func<Parameter, OptimizerState> State { get; init; }

    /// <summary>What a state keeps, in the order in which it is saved.</summary>
    public required Func<OptimizerState, object?[]> Kept { get; init; }

    public required Action<OptimizerState> Dispose { get; init; }

    /// <summary>What is kept before the first step.</summary>
    public required double?[] Initial { get; init; }

    /// <summary>What is kept after one step of <see cref="Filled"/> at 1 with a gradient of 2.</summary>
    public required double?[] AfterOne { get; init; }
}
