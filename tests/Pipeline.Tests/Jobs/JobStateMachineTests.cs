using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionBatch.Pipeline.Tests.Jobs;

public sealed class JobStateMachineTests
{
    [Fact]
    public void Names_are_the_contract_s()
    {
        string[] names = ["queued", "blocked", "running", "cancelling", "completed", "completedWithErrors", "failed", "cancelled",
            "expired"];
        Assert.Equal(names, Enum.GetValues<JobState>().Select(s => s.Name()));
        Assert.All(Enum.GetValues<JobState>(), s => Assert.Equal(s, JobStates.Parse(s.Name())));
        Assert.Null(JobStates.Parse("Running"));
    }

    [Theory]
    [InlineData(JobState.Queued, JobState.Running)]
    [InlineData(JobState.Running, JobState.Queued)]
    [InlineData(JobState.Running, JobState.CompletedWithErrors)]
    [InlineData(JobState.Queued, JobState.Cancelling)]
    [InlineData(JobState.Blocked, JobState.Failed)]
    [InlineData(JobState.Cancelling, JobState.Cancelled)]
    [InlineData(JobState.Failed, JobState.Queued)]
    public void Allowed(JobState from, JobState to) => JobStateMachine.Demand(from, to);

    [Theory]
    [InlineData(JobState.Queued, JobState.Completed)]
    [InlineData(JobState.Blocked, JobState.Running)]
    [InlineData(JobState.Cancelled, JobState.Running)]
    [InlineData(JobState.Running, JobState.Running)]
    public void Refused(JobState from, JobState to) =>
        Assert.Contains(to.Name(), Assert.Throws<InvalidOperationException>(() => JobStateMachine.Demand(from, to)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void What_is_finished_stays_so()
    {
        foreach (JobState to in Enum.GetValues<JobState>())
            Assert.All(Enum.GetValues<JobState>().Where(s => s.IsFinished()), from => Assert.False(JobStateMachine.Allows(from, to)));
    }

    [Fact]
    public void Every_state_can_be_reached_and_every_unfinished_one_left()
    {
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            Assert.NotEmpty(JobStateMachine.Before(state));
            if (!state.IsFinished()) Assert.Contains(Enum.GetValues<JobState>(), to => JobStateMachine.Allows(state, to));
        }
    }

    [Fact]
    public void A_path_is_a_shortest_chain_of_allowed_transitions() => Prop.ForAll<JobState, JobState>((from, to) =>
    {
        int? distance = Distance(from, to);
        if (distance is null)
        {
            Assert.Throws<InvalidOperationException>(() => JobStateMachine.Path(from, to));
            return;
        }
        IReadOnlyList<JobState> path = JobStateMachine.Path(from, to);
        Assert.Equal(distance, path.Count);
        Assert.Equal(to, path.Count == 0 ? from : path[^1]);
        Assert.All(path.Prepend(from).Zip(path), step => JobStateMachine.Demand(step.First, step.Second));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_walk_of_allowed_transitions_stays_within_the_rules() => Prop.ForAll<PositiveInt[]>(choices =>
    {
        JobState state = JobState.Queued;
        foreach (PositiveInt choice in choices)
        {
            JobState[] next = [.. Enum.GetValues<JobState>().Where(to => JobStateMachine.Allows(state, to))];
            // Only what finished can't go on.
            Assert.Equal(state.IsFinished(), next.Length == 0);
            if (next.Length == 0) return;
            JobState to = next[choice.Get % next.Length];
            Assert.Contains(state, JobStateMachine.Before(to));
            // Who finished was worked on just before; who ended otherwise may only be run anew.
            if (to.IsFinished()) Assert.True(state is JobState.Running or JobState.Cancelling);
            if (state.IsFinal()) Assert.Equal(JobState.Queued, to);
            state = to;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_pipeline_ends_with_its_last_job_as_badly_as_its_worst() => Prop.ForAll<JobState[]>(jobs =>
    {
        foreach (JobState now in (JobState[])[JobState.Queued, JobState.Running, JobState.Cancelling])
        {
            JobState state = PipelineState.Of(now, jobs);
            Assert.Equal(jobs.All(j => j.IsFinal()), state.IsFinal());
            if (state.IsFinished()) Assert.All(jobs, j => Assert.True(j.IsFinished()));
            if (state == JobState.Completed) Assert.All(jobs, j => Assert.Equal(JobState.Completed, j));
            if (jobs.Contains(JobState.Failed) && state.IsFinal()) Assert.Equal(JobState.Failed, state);
            if (now == JobState.Cancelling && !state.IsFinal()) Assert.Equal(JobState.Cancelling, state);
            // There is always a way there.
            JobStateMachine.Path(now, state);
        }
    }).QuickCheckThrowOnFailure();

    // By trying all chains: nine states, so that eight transitions lead anywhere.
    static int? Distance(JobState from, JobState to)
    {
        HashSet<JobState> reached = [from];
        for (int steps = 0; steps <= 8; steps++)
        {
            if (reached.Contains(to)) return steps;
            reached = [.. reached.SelectMany(s => Enum.GetValues<JobState>().Where(n => JobStateMachine.Allows(s, n)))];
        }
        return null;
    }
}
