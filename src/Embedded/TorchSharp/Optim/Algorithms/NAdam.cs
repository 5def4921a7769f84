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
        Invalid.Adams(lr, beta1, beta2, eps, weight_decay);
        Invalid.Negative(momentum_decay, "momentum_decay value");
        Begin(Options.Of(lr, beta1, beta2, eps, weight_decay, momentum_decay), parameters);
    }

    /// <summary>The decay rates of all groups.</summary>
    public (double, double) Betas
    {
        get => _defaults.Betas;
        set => SetBetas(value);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

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
