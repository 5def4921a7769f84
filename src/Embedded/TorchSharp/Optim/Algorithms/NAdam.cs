using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam with Nesterov's momentum (Dozat 2016).</summary>
public partial class NAdam : OptimizerHelper, optim.IBetas
{
    public NAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, double momentum_decay = 4e-3)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, beta1, beta2, eps, weight_decay, momentum_decay)
    {
    }

    public NAdam(IEnumerable<ParamGroup> parameters, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, double momentum_decay = 4e-3)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (beta1 is < 0 or > 1) throw new ArgumentException($"Invalid beta1 value: {beta1}");
        if (beta2 is < 0 or > 1) throw new ArgumentException($"Invalid beta2 value: {beta2}");
        if (eps < 0) throw new ArgumentException($"Invalid eps value: {eps}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        if (momentum_decay < 0) throw new ArgumentException($"Invalid momentum_decay value: {momentum_decay}");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            momentum_decay = momentum_decay,
        };
        foreach (ParamGroup group in parameters) add_param_group(group);
    }

    /// <summary>The decay rates of all groups.</summary>
    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set
        {
            (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
            foreach (Modules.ParamGroup group in _parameter_groups) ((ParamGroup)group).Betas = value;
        }
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
        double beta1 = o.beta1!.Value, beta2 = o.beta2!.Value, lr = group.LearningRate;
        Each<State>(group, o.weight_decay!.Value, false, (parameter, g, state) =>
        {
            state.step++;
            double mu = Mu(state.step), next = Mu(state.step + 1);
            state.mu_product *= mu;
            state.exp_avg.mul_(beta1).add_(g, 1 - beta1);
            state.exp_avg_sq.mul_(beta2).add_(g.square(), 1 - beta2);
            Tensor root = state.exp_avg_sq.div(1 - Math.Pow(beta2, state.step)).sqrt_().add_(o.eps!.Value);
            parameter.add_(g.div(root), -lr * (1 - mu) / (1 - state.mu_product));
            parameter.add_(state.exp_avg.div(root), -lr * next / (1 - state.mu_product * next));
        });

        double Mu(long step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * o.momentum_decay!.Value));
    }, closure);
}
