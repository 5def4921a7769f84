using System.Collections.Concurrent;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>Progress as a live display on a terminal: a line with a bar, figures and the time left for each job.</summary>
internal sealed class LiveProgress : IProgress<JobProgress>
{
    readonly ProgressContext _context;
    readonly StatusColumn _status;
    readonly Screen _screen;
    readonly Lock _gate = new();
    readonly Dictionary<string, ProgressTask> _tasks = [];

    LiveProgress(ProgressContext context, StatusColumn status, Screen screen)
    {
        _context = context;
        _status = status;
        _screen = screen;
    }

    /// <summary>Runs work under a live display, which stays on the screen when it is done.</summary>
    public static Task<T> RunAsync<T>(Screen screen, Func<IProgress<JobProgress>, Task<T>> work)
    {
        var status = new StatusColumn();
        return screen.ErrorConsole.Progress().HideCompleted(false).AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, status)
            .StartAsync(context => work(new LiveProgress(context, status, screen)));
    }

    /// <inheritdoc/>
    public void Report(JobProgress value)
    {
        lock (_gate)
        {
            // How a job ended is told once, after the run.
            if (value.Note is not null && value.State == JobState.Running) _screen.Note($"{value.Job}: {value.Note}");
            if (!_tasks.TryGetValue(value.Job, out ProgressTask? task)) _tasks[value.Job] = task = _context.AddTask(value.Job);
            task.Description = Markup.Escape($"{value.Job}: {ProgressText.Activity(value)}");
            task.MaxValue = Math.Max(1, value.Total);
            task.IsIndeterminate = value is { State: JobState.Running, Total: <= 0 };
            // A job that is done before its first event with a total has a full bar all the same.
            task.Value = value.State.IsFinished() ? task.MaxValue : Math.Min(value.Done, task.MaxValue);
            _status.Texts[task.Id] = ProgressText.Status(value);
        }
    }

    sealed class StatusColumn : ProgressColumn
    {
        public ConcurrentDictionary<int, string> Texts { get; } = [];

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Texts.GetValueOrDefault(task.Id, "")) { Overflow = Overflow.Ellipsis };
    }
}
