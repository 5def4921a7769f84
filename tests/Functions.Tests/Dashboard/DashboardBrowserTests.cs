using System.Text.RegularExpressions;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using Microsoft.Playwright;

namespace DiffusionBatch.Functions.Tests.Dashboard;

/// <summary>The dashboard as its readers use it, in a browser, on the function app.</summary>
[Collection(DashboardTests.Name)]
public sealed class DashboardBrowserTests(DashboardApi app, Browser browser)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ApiHost Api => app.Api;

    Task<DashboardReader> OpenAsync(string view, int width = 1280, ColorScheme scheme = ColorScheme.Light) =>
        DashboardReader.OpenAsync(browser, Api, view, width, scheme);

    [Fact]
    public async Task Jobs_are_filtered_found_and_kept_in_the_address()
    {
        await app.PlannedAsync("filtered-one");
        await using DashboardReader reader = await OpenAsync("/jobs");
        ILocator rows = reader.Page.Locator(".jobs tbody tr");
        await Assertions.Expect(rows.First).ToContainTextAsync("filtered-one");
        await reader.Page.GetByLabel("name").FillAsync("tered-o");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        Assert.EndsWith("#/jobs?search=tered-o", reader.Page.Url, StringComparison.Ordinal);
        await reader.Page.GetByLabel("state").SelectOptionAsync("completed");
        await Assertions.Expect(reader.Page.Locator("[role=status]").First).ToHaveTextAsync("No job is like that.");
        await reader.Page.GetByLabel("name").FillAsync("");
        await Assertions.Expect(rows.First).ToContainTextAsync("completed");
        await reader.Page.GetByLabel("kind").SelectOptionAsync("evaluate");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await reader.Page.ReloadAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Pages_go_to_older_jobs_and_back()
    {
        string prefix = ApiHost.NewName() + "-paged-";
        for (int i = 0; i < 53; i++) await Api.SubmitAsync(SharedApi.Sample($"{prefix}{i}"));
        await using DashboardReader reader = await OpenAsync($"/jobs?search={prefix}");
        ILocator rows = reader.Page.Locator(".jobs tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(50);
        await Assertions.Expect(rows.First).ToContainTextAsync(prefix + "52");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Older →" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(rows.Last).ToContainTextAsync(prefix + "0");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "← Newer" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(50);
    }

    [Fact]
    public async Task Progress_shows_in_the_list_and_in_the_job_as_it_is_made()
    {
        string id = await app.PlannedAsync("live-one");
        await using DashboardReader list = await OpenAsync("/jobs?search=live-one"), job = await OpenAsync($"/jobs/{id}");
        TaskRow task = await app.ClaimAsync(id, 0);
        await app.RenewAsync(task, 3);
        await Assertions.Expect(list.Page.Locator(".jobs tbody tr")).ToContainTextAsync("running");
        await Assertions.Expect(list.Page.Locator(".jobs [role=progressbar]")).ToHaveAttributeAsync("aria-valuenow", new Regex("[1-9]"));
        await Assertions.Expect(job.Page.Locator(".work")).ToContainTextAsync("sampling");
        ILocator first = job.Page.GetByRole(AriaRole.Table, new() { Name = "Tasks" }).Locator("tbody tr").First;
        await Assertions.Expect(first).ToContainTextAsync("3 / 4 results");
        await first.Locator("summary").ClickAsync();
        await Assertions.Expect(first.Locator(".attempts")).ToContainTextAsync("worker-1");
        await Assertions.Expect(first.Locator(".attempts")).ToContainTextAsync("works on it");
    }

    [Fact]
    public async Task A_job_is_cancelled_after_the_reader_agrees()
    {
        string id = await app.PlannedAsync("cancelled-one");
        await using DashboardReader reader = await OpenAsync($"/jobs/{id}");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        Assert.Equal(JobState.Queued, (await Api.GetAsync(id)).State);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel the job" }).ClickAsync();
        await Assertions.Expect(reader.Page.Locator("h1 .badge")).ToHaveTextAsync("cancelled");
        Assert.Equal(JobState.Cancelled, (await Api.GetAsync(id)).State);
        await Assertions.Expect(reader.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_failed_job_says_why_and_is_tried_again()
    {
        string id = await app.PlannedAsync("failed-one");
        await Api.Index.Jobs.FinishAsync(id, new JobEnd(JobState.Failed) { Error = "The disk is full." }, Cancel);
        await using DashboardReader reader = await OpenAsync($"/jobs/{id}");
        await Assertions.Expect(reader.Page.Locator(".failure")).ToContainTextAsync("The disk is full.");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(reader.Page.Locator("h1")).ToContainTextAsync("queued");
        await Assertions.Expect(reader.Page.Locator(".failure")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Given_up_tasks_are_requeued_and_dropped()
    {
        string id = await app.PlannedAsync("poisoned-one");
        TaskRow whole = await app.ClaimAsync(id, 0);
        await Api.Index.Tasks.SplitAsync(whole.Key, whole.Attempt,
            [.. new[] { 0, 1 }.Select(i => new TaskPlan(0, JobKind.Sample) { FirstItem = i, ItemCount = 1 })], Cancel);
        foreach (int ordinal in new[] { 1, 2 })
        {
            TaskRow task = await app.ClaimAsync(id, ordinal);
            await Api.Index.Tasks.PoisonAsync(task.Key, task.Attempt, new PoisonEntry("It broke.", $"item-{ordinal}"),
                new TaskCommit { Errored = 1 }, Cancel);
        }
        await using DashboardReader reader = await OpenAsync("/poison");
        ILocator rows = reader.Page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = $"Requeue task 2 of {id}" }).ClickAsync(); // a half, whose part is open
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = $"Requeue task 1 of {id}" }).ClickAsync();
        await Assertions.Expect(reader.Page.Locator(".toast")).ToContainTextAsync("is in the results already");
        reader.Errors.RemoveAll(e => e.Contains("409", StringComparison.Ordinal));
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = $"Drop task 1 of {id}" }).ClickAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Drop it" }).ClickAsync();
        await Assertions.Expect(reader.Page.Locator("p[role=status]")).ToHaveTextAsync("The list is empty: no task was given up.");
        await reader.Page.GetByLabel("what was dealt with too").CheckAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        Assert.Equal([(1, PoisonState.Dropped), (2, PoisonState.Requeued)],
            (await Api.Index.Poison.ListAsync(id, Cancel)).Select(r => (r.Ordinal, r.State)).Order());
    }

    [Fact]
    public async Task An_evaluation_shows_its_charts_its_cells_its_items_and_their_steps()
    {
        await using DashboardReader reader = await OpenAsync($"/jobs/{app.Evaluation}/quality");
        Assert.Equal(2, await reader.Page.Locator("#charts canvas[role=img]").CountAsync());
        await Assertions.Expect(reader.Page.Locator("#charts [role=status]")).ToContainTextAsync("steps=16 reaches bleu");
        await Assertions.Expect(reader.Page.Locator("#cells tbody tr")).ToHaveCountAsync(5);
        await reader.Page.Locator("#items input[type=search]").FillAsync("test-00007");
        await Assertions.Expect(reader.Page.Locator("#items .item")).ToHaveCountAsync(1);
        await reader.Page.Locator("#items input[type=search]").FillAsync("");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "watch it denoise" }).First.ClickAsync();
        await Assertions.Expect(reader.Page.Locator("#denoising .play")).ToHaveTextAsync("Pause");
        await reader.Page.Locator("#denoising .stage").PressAsync("End");
        await Assertions.Expect(reader.Page.Locator("#denoising .stage .chip.mask")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_samples_items_stand_side_by_side_with_their_references()
    {
        await using DashboardReader reader = await OpenAsync($"/jobs/{app.Sample}/items");
        ILocator items = reader.Page.Locator("#items .item");
        await Assertions.Expect(items).ToHaveCountAsync(3);
        await Assertions.Expect(reader.Page.Locator("#items [role=status]")).ToHaveTextAsync("3 items shown; the two differ in 3.");
        await Assertions.Expect(items.Nth(2)).ToContainTextAsync("Satz 2");
        await Assertions.Expect(items.Nth(2).Locator(".same")).ToHaveCountAsync(1);
        await reader.Page.GetByLabel("compare").SelectOptionAsync("1");
        await reader.Page.GetByLabel("with").SelectOptionAsync("reference");
        await Assertions.Expect(reader.Page.Locator("#items [role=status]")).ToHaveTextAsync("3 items shown; the two differ in 0.");
    }

    [Fact]
    public async Task Quality_over_time_marks_what_changed_beyond_its_intervals()
    {
        await using DashboardReader reader = await OpenAsync("/quality");
        await Assertions.Expect(reader.Page.GetByText(new Regex("This server has no schedules|No schedule yet"))).ToBeVisibleAsync();
        reader.Errors.RemoveAll(e => e.Contains("404", StringComparison.Ordinal)); // the schedules that aren't there
        await reader.Page.GetByRole(AriaRole.Link, new() { Name = "over time" }).ClickAsync();
        await Assertions.Expect(reader.Page.Locator("h1")).ToHaveTextAsync("nightly-scores");
        await Assertions.Expect(reader.Page.Locator(".finding")).ToContainTextAsync("1 run changed beyond the intervals");
        await Assertions.Expect(reader.Page.Locator(".finding"))
            .ToContainTextAsync("bleu fell to 21.00 (20.00 to 22.00) in steps=1 and so in steps=16");
        await Assertions.Expect(reader.Page.Locator("canvas[role=img]")).ToHaveCountAsync(1);
        await Assertions.Expect(reader.Page.Locator("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(reader.Page.Locator("tbody tr").First).ToContainTextAsync("▼");
    }

    [Fact]
    public async Task A_manifest_is_checked_while_it_is_written_and_submitted()
    {
        await using DashboardReader reader = await OpenAsync("/submit");
        ILocator text = reader.Page.GetByRole(AriaRole.Textbox, new() { Name = "Manifest" });
        string name = ApiHost.NewName();
        await text.FillAsync(SharedApi.Sample(name).Replace(",", ",\n", StringComparison.Ordinal)
            .Replace("shardSize", "shardsize", StringComparison.Ordinal));
        await Assertions.Expect(reader.Page.Locator(".numbers .wrong")).ToHaveCountAsync(1);
        ILocator place = reader.Page.Locator(".problems button");
        await Assertions.Expect(place).ToHaveTextAsync(new Regex(@"^line (\d+), column \d+ · /shardsize$"));
        string line = Regex.Match(await place.InnerTextAsync(), @"\d+").Value;
        Assert.Equal(line, await reader.Page.Locator(".numbers .wrong").InnerTextAsync());
        await place.ClickAsync();
        int at = await text.EvaluateAsync<int>("field => field.selectionStart");
        Assert.Equal(line, $"{1 + (await text.InputValueAsync())[..at].Count(c => c == '\n')}");
        reader.Errors.RemoveAll(e => e.Contains("400", StringComparison.Ordinal)); // what was checked had problems
        await text.FillAsync(SharedApi.Sample(name));
        await Assertions.Expect(reader.Page.Locator(".fine")).ToContainTextAsync("No problem found in 1 job.");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).ClickAsync();
        await Assertions.Expect(reader.Page.Locator("h1")).ToContainTextAsync(name);
        await reader.Page.GetByRole(AriaRole.Link, new() { Name = "Submit anew…" }).ClickAsync();
        await Assertions.Expect(text).ToHaveValueAsync(new Regex($"\"name\": \"{name}\""));
    }
}
