using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Optim;

/// <summary>Adam and its kin. The settings are binary fractions, so that what one step keeps is exact.</summary>
internal static class AdamKinds
{
    public static readonly Dictionary<string, OptimizerKind> All = new()
    {
        ["adam"] = new OptimizerKind
        {
            Open = () => new Adam.Options(),
            Filled = () => new Adam.Options { LearningRate = 0.25, InitialLearningRate = 0.25, beta1 = 0.5, beta2 = 0.75, eps = 0.125, weight_decay = 0.5, amsgrad = true, maximize = true },
            Settings = o => [((Adam.Options)o).beta1, ((Adam.Options)o).beta2, ((Adam.Options)o).eps, ((Adam.Options)o).weight_decay, ((Adam.Options)o).amsgrad, ((Adam.Options)o).maximize],
            Defaults = [1e-3, 0.9, 0.999, 1e-8, 0.0, false, false],
            Plain = p => optim.Adam(p),
            EmptyGroup = p => new Adam.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new Adam.ParamGroup(p, (Adam.Options)o),
            GroupOfSettings = p => new Adam.ParamGroup(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
            OfParameters =
            [
                p => new Adam(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
                p => optim.Adam(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
                p => optim.Adam(p.Select(x => ("p", x)), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
            ],
            OfGroups =
            [
                g => new Adam(g.Cast<Adam.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
                g => optim.Adam(g.Cast<Adam.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
            ],
            State = p => new Adam.State(p),
            Kept = s => [((Adam.State)s).step, ((Adam.State)s).exp_avg, ((Adam.State)s).exp_avg_sq, ((Adam.State)s).max_exp_avg_sq],
            Dispose = s => ((Adam.State)s).Dispose(),
            Initial = [0, 0, 0, 0],
            AfterOne = [1, -0.75, 0.5625, 0.5625],
        },
        ["adamw"] = new OptimizerKind
        {
            Open = () => new AdamW.Options(),
            Filled = () => new AdamW.Options { LearningRate = 0.25, InitialLearningRate = 0.25, beta1 = 0.5, beta2 = 0.75, eps = 0.125, weight_decay = 0.5, amsgrad = true, maximize = true },
            Settings = o => [((AdamW.Options)o).beta1, ((AdamW.Options)o).beta2, ((AdamW.Options)o).eps, ((AdamW.Options)o).weight_decay, ((AdamW.Options)o).amsgrad, ((AdamW.Options)o).maximize],
            Defaults = [1e-3, 0.9, 0.999, 1e-8, 0.0, false, false],
            Plain = p => optim.AdamW(p),
            EmptyGroup = p => new AdamW.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new AdamW.ParamGroup(p, (AdamW.Options)o),
            GroupOfSettings = p => new AdamW.ParamGroup(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
            OfParameters =
            [
                p => new AdamW(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
                p => optim.AdamW(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
                p => optim.AdamW(p.Select(x => ("p", x)), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
            ],
            OfGroups =
            [
                g => new AdamW(g.Cast<AdamW.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
                g => optim.AdamW(g.Cast<AdamW.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, amsgrad: true, maximize: true),
            ],
            State = p => new AdamW.State(p),
            Kept = s => [((AdamW.State)s).step, ((AdamW.State)s).exp_avg, ((AdamW.State)s).exp_avg_sq, ((AdamW.State)s).max_exp_avg_sq],
            Dispose = s => ((AdamW.State)s).Dispose(),
            Initial = [0, 0, 0, 0],
            AfterOne = [1, -1, 1, 1],
        },
        ["adamax"] = new OptimizerKind
        {
            Open = () => new Adamax.Options(),
            Filled = () => new Adamax.Options { LearningRate = 0.25, InitialLearningRate = 0.25, beta1 = 0.5, beta2 = 0.75, eps = 0.125, weight_decay = 0.5 },
            Settings = o => [((Adamax.Options)o).beta1, ((Adamax.Options)o).beta2, ((Adamax.Options)o).eps, ((Adamax.Options)o).weight_decay],
            Defaults = [2e-3, 0.9, 0.999, 1e-8, 0.0],
            Plain = p => optim.Adamax(p),
            EmptyGroup = p => new Adamax.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new Adamax.ParamGroup(p, (Adamax.Options)o),
            GroupOfSettings = p => new Adamax.ParamGroup(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
            OfParameters =
            [
                p => new Adamax(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
                p => optim.Adamax(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
                p => optim.Adamax(p.Select(x => ("p", x)), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
            ],
            OfGroups =
            [
                g => new Adamax(g.Cast<Adamax.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
                g => optim.Adamax(g.Cast<Adamax.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
            ],
            State = p => new Adamax.State(p),
            Kept = s => [((Adamax.State)s).step, ((Adamax.State)s).exp_avg, ((Adamax.State)s).exp_inf],
            Dispose = s => ((Adamax.State)s).Dispose(),
            Initial = [0, 0, 0],
            AfterOne = [1, 1.25, 2.625],
        },
        ["nadam"] = new OptimizerKind
        {
            Open = () => new NAdam.Options(),
            Filled = () => new NAdam.Options { LearningRate = 0.25, InitialLearningRate = 0.25, beta1 = 0.5, beta2 = 0.75, eps = 0.125, weight_decay = 0.5, momentum_decay = 0.25 },
            Settings = o => [((NAdam.Options)o).beta1, ((NAdam.Options)o).beta2, ((NAdam.Options)o).eps, ((NAdam.Options)o).weight_decay, ((NAdam.Options)o).momentum_decay],
            Defaults = [2e-3, 0.9, 0.999, 1e-8, 0.0, 4e-3],
            Plain = p => optim.NAdam(p),
            EmptyGroup = p => new NAdam.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new NAdam.ParamGroup(p, (NAdam.Options)o),
            GroupOfSettings = p => new NAdam.ParamGroup(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, momentum_decay: 0.25),
            OfParameters =
            [
                p => new NAdam(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, momentum_decay: 0.25),
                p => optim.NAdam(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, momentum_decay: 0.25),
                p => optim.NAdam(p.Select(x => ("p", x)), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, momentum_decay: 0.25),
            ],
            OfGroups =
            [
                g => new NAdam(g.Cast<NAdam.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, momentum_decay: 0.25),
                g => optim.NAdam(g.Cast<NAdam.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5, momentum_decay: 0.25),
            ],
            State = p => new NAdam.State(p),
            Kept = s => [((NAdam.State)s).step, ((NAdam.State)s).mu_product, ((NAdam.State)s).exp_avg, ((NAdam.State)s).exp_avg_sq],
            Dispose = s => ((NAdam.State)s).Dispose(),
            Initial = [0, 1, 0, 0],
            AfterOne = [1, 0.5 * (1 - 0.5 * Math.Pow(0.96, 0.25)), 1.25, 1.5625],
        },
        ["radam"] = new OptimizerKind
        {
            Open = () => new RAdam.Options(),
            Filled = () => new RAdam.Options { LearningRate = 0.25, InitialLearningRate = 0.25, beta1 = 0.5, beta2 = 0.75, eps = 0.125, weight_decay = 0.5 },
            Settings = o => [((RAdam.Options)o).beta1, ((RAdam.Options)o).beta2, ((RAdam.Options)o).eps, ((RAdam.Options)o).weight_decay],
            Defaults = [2e-3, 0.9, 0.999, 1e-8, 0.0],
            Plain = p => optim.RAdam(p),
            EmptyGroup = p => new RAdam.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new RAdam.ParamGroup(p, (RAdam.Options)o),
            GroupOfSettings = p => new RAdam.ParamGroup(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
            OfParameters =
            [
                p => new RAdam(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
                p => optim.RAdam(p, 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
                p => optim.RAdam(p.Select(x => ("p", x)), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
            ],
            OfGroups =
            [
                g => new RAdam(g.Cast<RAdam.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
                g => optim.RAdam(g.Cast<RAdam.ParamGroup>(), 0.25, beta1: 0.5, beta2: 0.75, eps: 0.125, weight_decay: 0.5),
            ],
            State = p => new RAdam.State(p),
            Kept = s => [((RAdam.State)s).step, ((RAdam.State)s).exp_avg, ((RAdam.State)s).exp_avg_sq],
            Dispose = s => ((RAdam.State)s).Dispose(),
            Initial = [0, 0, 0],
            AfterOne = [1, 1.25, 1.5625],
        },
    };
}
