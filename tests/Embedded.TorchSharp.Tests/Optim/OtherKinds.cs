using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Optim;

/// <summary>The optimizers that are no kin of Adam's. The settings are binary fractions, so that what one step keeps is exact or nearly so.</summary>
internal static class OtherKinds
{
    public static readonly Dictionary<string, OptimizerKind> All = new()
    {
        ["sgd"] = new OptimizerKind
        {
            Open = () => new SGD.Options(),
            Filled = () => new SGD.Options { LearningRate = 0.25, InitialLearningRate = 0.25, momentum = 0.5, dampening = 0, weight_decay = 0.5, nesterov = true, maximize = true },
            Settings = o => [((SGD.Options)o).momentum, ((SGD.Options)o).dampening, ((SGD.Options)o).weight_decay, ((SGD.Options)o).nesterov, ((SGD.Options)o).maximize],
            Defaults = [0.125, 0.0, 0.0, 0.0, false, false],
            Plain = p => optim.SGD(p, 0.125),
            EmptyGroup = p => new SGD.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new SGD.ParamGroup(p, (SGD.Options)o),
            GroupOfSettings = p => new SGD.ParamGroup(p, 0.25, momentum: 0.5, dampening: 0, weight_decay: 0.5, nesterov: true, maximize: true),
            OfParameters =
            [
                p => new SGD(p, 0.25, momentum: 0.5, dampening: 0, weight_decay: 0.5, nesterov: true, maximize: true),
                p => optim.SGD(p, 0.25, momentum: 0.5, dampening: 0, weight_decay: 0.5, nesterov: true, maximize: true),
                p => optim.SGD(p.Select(x => ("p", x)), 0.25, momentum: 0.5, dampening: 0, weight_decay: 0.5, nesterov: true, maximize: true),
            ],
            OfGroups =
            [
                g => new SGD(g.Cast<SGD.ParamGroup>(), 0.25, momentum: 0.5, dampening: 0, weight_decay: 0.5, nesterov: true, maximize: true),
                g => optim.SGD(g.Cast<SGD.ParamGroup>(), 0.25, momentum: 0.5, dampening: 0, weight_decay: 0.5, nesterov: true, maximize: true),
            ],
            State = p => new SGD.State(p),
            Kept = s => [((SGD.State)s).momentum_buffer],
            Dispose = s => ((SGD.State)s).Dispose(),
            Initial = [null],
            AfterOne = [-1.5],
        },
        ["rmsprop"] = new OptimizerKind
        {
            Open = () => new RMSProp.Options(),
            Filled = () => new RMSProp.Options { LearningRate = 0.25, InitialLearningRate = 0.25, maximize = true, momentum = 0.5, alpha = 0.75, eps = 0.125, weight_decay = 0.5, centered = true },
            Settings = o => [((RMSProp.Options)o).maximize, ((RMSProp.Options)o).momentum, ((RMSProp.Options)o).alpha, ((RMSProp.Options)o).eps, ((RMSProp.Options)o).weight_decay, ((RMSProp.Options)o).centered],
            Defaults = [0.01, false, 0.0, 0.99, 1e-8, 0.0, false],
            Plain = p => optim.RMSProp(p),
            EmptyGroup = p => new RMSProp.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new RMSProp.ParamGroup(p, (RMSProp.Options)o),
            GroupOfSettings = p => new RMSProp.ParamGroup(p, 0.25, momentum: 0.5, alpha: 0.75, eps: 0.125, weight_decay: 0.5, centered: true),
            LeftOpen = [0],
            OfParameters =
            [
                p => new RMSProp(p, 0.25, maximize: true, momentum: 0.5, alpha: 0.75, eps: 0.125, weight_decay: 0.5, centered: true),
                p => optim.RMSProp(p, 0.25, maximize: true, momentum: 0.5, alpha: 0.75, eps: 0.125, weight_decay: 0.5, centered: true),
                p => optim.RMSProp(p.Select(x => ("p", x)), 0.25, maximize: true, momentum: 0.5, alpha: 0.75, eps: 0.125, weight_decay: 0.5, centered: true),
            ],
            OfGroups =
            [
                g => new RMSProp(g.Cast<RMSProp.ParamGroup>(), 0.25, maximize: true, momentum: 0.5, alpha: 0.75, eps: 0.125, weight_decay: 0.5, centered: true),
                g => optim.RMSProp(g.Cast<RMSProp.ParamGroup>(), 0.25, maximize: true, momentum: 0.5, alpha: 0.75, eps: 0.125, weight_decay: 0.5, centered: true),
            ],
            State = p => new RMSProp.State(p),
            Kept = s => [((RMSProp.State)s).step, ((RMSProp.State)s).square_avg, ((RMSProp.State)s).momentum_buffer, ((RMSProp.State)s).grad_avg],
            Dispose = s => ((RMSProp.State)s).Dispose(),
            Initial = [0, 0, 0, 0],
            AfterOne = [1, 0.5625, -1.5 / (Math.Sqrt(0.421875) + 0.125), -0.375],
        },
        ["rprop"] = new OptimizerKind
        {
            Open = () => new Rprop.Options(),
            Filled = () => new Rprop.Options { LearningRate = 0.25, InitialLearningRate = 0.25, maximize = true, etaminus = 0.5, etaplus = 1.5, min_step = 0.125, max_step = 0.75 },
            Settings = o => [((Rprop.Options)o).maximize, ((Rprop.Options)o).etaminus, ((Rprop.Options)o).etaplus, ((Rprop.Options)o).min_step, ((Rprop.Options)o).max_step],
            Defaults = [1e-2, false, 0.5, 1.2, 1e-6, 50.0],
            Plain = p => optim.Rprop(p),
            EmptyGroup = p => new Rprop.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new Rprop.ParamGroup(p, (Rprop.Options)o),
            GroupOfSettings = p => new Rprop.ParamGroup(p, 0.25, maximize: true, etaminus: 0.5, etaplus: 1.5, min_step: 0.125, max_step: 0.75),
            OfParameters =
            [
                p => new Rprop(p, 0.25, maximize: true, etaminus: 0.5, etaplus: 1.5, min_step: 0.125, max_step: 0.75),
                p => optim.Rprop(p, 0.25, maximize: true, etaminus: 0.5, etaplus: 1.5, min_step: 0.125, max_step: 0.75),
                p => optim.Rprop(p.Select(x => ("p", x)), 0.25, maximize: true, etaminus: 0.5, etaplus: 1.5, min_step: 0.125, max_step: 0.75),
            ],
            OfGroups =
            [
                g => new Rprop(g.Cast<Rprop.ParamGroup>(), 0.25, maximize: true, etaminus: 0.5, etaplus: 1.5, min_step: 0.125, max_step: 0.75),
                g => optim.Rprop(g.Cast<Rprop.ParamGroup>(), 0.25, maximize: true, etaminus: 0.5, etaplus: 1.5, min_step: 0.125, max_step: 0.75),
            ],
            State = p => new Rprop.State(p),
            Kept = s => [((Rprop.State)s).step, ((Rprop.State)s).prev, ((Rprop.State)s).step_size],
            Dispose = s => ((Rprop.State)s).Dispose(),
            Initial = [0, 0, 0.25],
            AfterOne = [1, -2, 0.25],
        },
        ["adagrad"] = new OptimizerKind
        {
            Open = () => new Adagrad.Options(),
            Filled = () => new Adagrad.Options { LearningRate = 0.25, InitialLearningRate = 0.25, lr_decay = 0.75, initial_accumulator_value = 0.25, eps = 0.125, weight_decay = 0.5 },
            Settings = o => [((Adagrad.Options)o).lr_decay, ((Adagrad.Options)o).initial_accumulator_value, ((Adagrad.Options)o).eps, ((Adagrad.Options)o).weight_decay],
            Defaults = [1e-2, 0.0, 0.0, 1e-10, 0.0],
            Plain = p => optim.Adagrad(p),
            EmptyGroup = p => new Adagrad.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new Adagrad.ParamGroup(p, (Adagrad.Options)o),
            GroupOfSettings = p => new Adagrad.ParamGroup(p, 0.25, lr_decay: 0.75, initial_accumulator_value: 0.25, eps: 0.125, weight_decay: 0.5),
            OfParameters =
            [
                p => new Adagrad(p, 0.25, lr_decay: 0.75, initial_accumulator_value: 0.25, eps: 0.125, weight_decay: 0.5),
                p => optim.Adagrad(p, 0.25, lr_decay: 0.75, initial_accumulator_value: 0.25, eps: 0.125, weight_decay: 0.5),
                p => optim.Adagrad(p.Select(x => ("p", x)), 0.25, lr_decay: 0.75, initial_accumulator_value: 0.25, eps: 0.125, weight_decay: 0.5),
            ],
            OfGroups =
            [
                g => new Adagrad(g.Cast<Adagrad.ParamGroup>(), 0.25, lr_decay: 0.75, initial_accumulator_value: 0.25, eps: 0.125, weight_decay: 0.5),
                g => optim.Adagrad(g.Cast<Adagrad.ParamGroup>(), 0.25, lr_decay: 0.75, initial_accumulator_value: 0.25, eps: 0.125, weight_decay: 0.5),
            ],
            State = p => new Adagrad.State(p),
            Kept = s => [((Adagrad.State)s).step, ((Adagrad.State)s).sum],
            Dispose = s => ((Adagrad.State)s).Dispose(),
            Initial = [0, 0.25],
            AfterOne = [1, 6.5],
        },
        ["adadelta"] = new OptimizerKind
        {
            Open = () => new Adadelta.Options(),
            Filled = () => new Adadelta.Options { LearningRate = 0.25, InitialLearningRate = 0.25, rho = 0.75, eps = 0.125, weight_decay = 0.5, maximize = true },
            Settings = o => [((Adadelta.Options)o).rho, ((Adadelta.Options)o).eps, ((Adadelta.Options)o).weight_decay, ((Adadelta.Options)o).maximize],
            Defaults = [1.0, 0.9, 1e-6, 0.0, false],
            Plain = p => optim.Adadelta(p),
            EmptyGroup = p => new Adadelta.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new Adadelta.ParamGroup(p, (Adadelta.Options)o),
            GroupOfSettings = p => new Adadelta.ParamGroup(p, 0.25, rho: 0.75, eps: 0.125, weight_decay: 0.5, maximize: true),
            OfParameters =
            [
                p => new Adadelta(p, 0.25, rho: 0.75, eps: 0.125, weight_decay: 0.5, maximize: true),
                p => optim.Adadelta(p, 0.25, rho: 0.75, eps: 0.125, weight_decay: 0.5, maximize: true),
                p => optim.Adadelta(p.Select(x => ("p", x)), 0.25, rho: 0.75, eps: 0.125, weight_decay: 0.5, maximize: true),
            ],
            OfGroups =
            [
                g => new Adadelta(g.Cast<Adadelta.ParamGroup>(), 0.25, rho: 0.75, eps: 0.125, weight_decay: 0.5, maximize: true),
                g => optim.Adadelta(g.Cast<Adadelta.ParamGroup>(), 0.25, rho: 0.75, eps: 0.125, weight_decay: 0.5, maximize: true),
            ],
            State = p => new Adadelta.State(p),
            Kept = s => [((Adadelta.State)s).step, ((Adadelta.State)s).square_avg, ((Adadelta.State)s).acc_delta],
            Dispose = s => ((Adadelta.State)s).Dispose(),
            Initial = [0, 0, 0],
            AfterOne = [1, 0.5625, 0.25 * (0.125 / 0.6875) * 2.25],
        },
        ["asgd"] = new OptimizerKind
        {
            Open = () => new ASGD.Options(),
            Filled = () => new ASGD.Options { LearningRate = 0.25, InitialLearningRate = 0.25, maximize = true, lambd = 0.125, alpha = 0.75, weight_decay = 0.5, t0 = 1 },
            Settings = o => [((ASGD.Options)o).maximize, ((ASGD.Options)o).lambd, ((ASGD.Options)o).alpha, ((ASGD.Options)o).weight_decay, ((ASGD.Options)o).t0],
            Defaults = [1e-3, false, 1e-4, 0.75, 0.0, 1e6],
            Plain = p => optim.ASGD(p),
            EmptyGroup = p => new ASGD.ParamGroup { Parameters = p },
            GroupOfOptions = (p, o) => new ASGD.ParamGroup(p, (ASGD.Options)o),
            GroupOfSettings = p => new ASGD.ParamGroup(p, 0.25, lambd: 0.125, alpha: 0.75, weight_decay: 0.5, t0: 1),
            LeftOpen = [0],
            OfParameters =
            [
                p => new ASGD(p, 0.25, maximize: true, lambd: 0.125, alpha: 0.75, weight_decay: 0.5, t0: 1),
                p => optim.ASGD(p, 0.25, maximize: true, lambd: 0.125, alpha: 0.75, weight_decay: 0.5, t0: 1),
                p => optim.ASGD(p.Select(x => ("p", x)), 0.25, maximize: true, lambd: 0.125, alpha: 0.75, weight_decay: 0.5, t0: 1),
            ],
            OfGroups =
            [
                g => new ASGD(g.Cast<ParamGroup<ASGD.Options>>(), 0.25, maximize: true, lambd: 0.125, alpha: 0.75, weight_decay: 0.5, t0: 1),
                g => optim.ASGD(g.Cast<ParamGroup<ASGD.Options>>(), 0.25, maximize: true, lambd: 0.125, alpha: 0.75, weight_decay: 0.5, t0: 1),
            ],
            State = p => new ASGD.State(p),
            Kept = s => [((ASGD.State)s).step, ((ASGD.State)s).eta, ((ASGD.State)s).mu, ((ASGD.State)s).ax],
            Dispose = s => ((ASGD.State)s).Dispose(),
            Initial = [0, 0.25, 1, 0],
            AfterOne = [1, 0.25 / Math.Pow(1 + 0.125 * 0.25, 0.75), 1, 1 - 0.125 * 0.25 + 0.375],
        },
    };
}
