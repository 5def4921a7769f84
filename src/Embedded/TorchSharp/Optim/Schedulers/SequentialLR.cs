namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Schedulers in turn; each begins anew at its milestone.</summary>
                public class SequentialLR : LRScheduler
                {
                    readonly LRScheduler[] schedulers;
                    readonly int[] milestones;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) : base(optimizer, last_epoch + 1)
                    {
                        ArgumentNullException.ThrowIfNull(schedulers);
                        ArgumentNullException.ThrowIfNull(milestones);
                        this.schedulers = [.. schedulers];
                        this.milestones = [.. milestones];
                        if (this.schedulers.Any(s => !ReferenceEquals(s.optimizer, optimizer))) throw new ArgumentException("The SequentialLR scheduler expects all its sub-schedulers to be bound to the same optimizer.");
                        if (this.milestones.Length != this.schedulers.Length - 1)
                            throw new ArgumentException($"Received {this.schedulers.Length} schedulers and {this.milestones.Length} milestones. The SequentialLR scheduler expects the number of schedulers to be one more than the number of milestones. ");
                        foreach (ILearningRateController group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate;
                        foreach (LRScheduler scheduler in this.schedulers) scheduler.epoch--;
                        this.schedulers[0].step();
                        lastRates = [.. this.schedulers[0].lastRates];
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        int at = milestones.Count(m => m <= epoch);
                        if (at > 0 && milestones[at - 1] == epoch) schedulers[at].step(0);
                        else schedulers[at].step();
                        return Rates;
                    }
                }
            }
        }
    }
}
