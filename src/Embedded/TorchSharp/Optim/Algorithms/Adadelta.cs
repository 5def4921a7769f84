using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adadelta (Zeiler 2012).</summary>
public partial class Adadelta : OptimizerHelper
{
    public Adadelta(IEnumerable<Parameter> parameters, double lr, double rho = 0.9, double eps = 1e-6, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, rho, eps, weight_decay, maximize)
    {
    }

    public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1e-6, double weight_decay = 0, bool maximize = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (rho is < 0 or > 1) throw new ArgumentException($"Invalid rho value: {rho}");
        if (eps < 0) throw new ArgumentException($"Invalid eps value: {eps}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            rho = rho,
            eps = eps,
            weight_decay = weight_decay,
            maximize = maximize,
        };
        foreach (ParamGroup group in parameters) add_param_group(group);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        Include(param_group, param_group.Options as Options ?? new Options(), p => new State(p));
    }

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        double rho = o.rho!.Value, eps = o.eps!.Value;
        Each<State>(group, o.weight_decay!.Value, o.maximize!.Value, (parameter, g, state) =>
        {
            state.step++;
            state.square_avg.mul_(rho).add_(g.square(), 1 - rho);
            Tensor delta = state.acc_delta.add(eps).sqrt_().div_(state.square_avg.add(eps).sqrt_()).mul_(g);
            parameter.add_(delta, -group.LearningRate);
            state.acc_delta.mul_(rho).add_(delta.square(), 1 - rho);
        });
    }, closure);
}
