using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionBatch.Evaluation.Reporting;
using Microsoft.Playwright;

namespace DiffusionBatch.Evaluation.Tests.Reporting;

/// <summary>report.html of 5 cells and 1,000 items, as a reader uses it.</summary>
public sealed class ReportBrowserTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-report-").FullName;
    readonly List<string> _errors = [];

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    async Task<IPage> Open(EvaluationReport report, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowser chromium = await browser.ChromiumAsync();
        ReportFiles.Write(_folder, report);
        IPage page = await chromium.NewPageAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") _errors.Add(message.Text); };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal))
                _errors.Add("asked for " + request.Url);
        };
        await page.GotoAsync(new Uri(Path.Combine(_folder, "report.html")).AbsoluteUri);
        await page.Locator("html[data-ready]").WaitForAsync();
        return page;
    }

    async Task End(IPage page)
    {
        await page.CloseAsync();
        Assert.Empty(_errors);
    }

    static Task<string> Status(IPage page, string section) => page.Locator($"#{section} [role=status]").InnerTextAsync();

    [Fact]
    public async Task The_table_can_be_read_and_sorted()
    {
        IPage page = await Open(SampleReport.Create(1_000));
        ILocator rows = page.Locator("#cells tbody tr"), first = rows.First.Locator("th");
        Assert.Equal(5, await rows.CountAsync());
        Assert.StartsWith("steps=1\n", await first.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("temperature 0", await first.InnerTextAsync(), StringComparison.Ordinal);
        ILocator bleu = page.Locator("#cells thead th").Nth(1);
        await bleu.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("descending", await bleu.GetAttributeAsync("aria-sort"));
        Assert.StartsWith("steps=16\n", await first.InnerTextAsync(), StringComparison.Ordinal);
        await bleu.GetByRole(AriaRole.Button).PressAsync("Enter");
        Assert.Equal("ascending", await bleu.GetAttributeAsync("aria-sort"));
        await page.Locator("#cells thead th").First.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(["steps=1", "steps=2", "steps=4", "steps=8", "steps=16"],
            (await rows.Locator("th").AllInnerTextsAsync()).Select(t => t.Split('\n')[0])); // by number, not by letter
        await End(page);
    }

    [Fact]
    public async Task The_cheapest_setting_follows_the_readers_tolerance_metric_and_cost()
    {
        IPage page = await Open(SampleReport.Create(100));
        Assert.Contains("steps=16 reaches bleu 31.63 at 43.7 ms", await Status(page, "charts"), StringComparison.Ordinal);
        await page.Locator("#charts input[type=number]").FillAsync("1.5");
        Assert.Matches(@"^steps=8 reaches bleu 30\.25 .*, 1\.38 from the best, which is steps=16 .*: 1\.87 times as cheap\.$",
            await Status(page, "charts"));
        await page.Locator("#charts select").Nth(1).SelectOptionAsync("forwardPassesPerItem");
        Assert.Contains("8 passes (forward passes per item)", await Status(page, "charts"), StringComparison.Ordinal);
        await page.Locator("#charts select").First.SelectOptionAsync("ter"); // lower is better
        Assert.Contains("steps=16 reaches ter 46.24", await Status(page, "charts"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("#charts canvas[role=img]").CountAsync());
        Assert.Equal("ter against denoising steps. The figures are in the table of cells.",
            await page.Locator("#charts canvas").First.GetAttributeAsync("aria-label"));
        await End(page);
    }

    [Fact]
    public async Task Charts_draw_their_points_and_say_what_they_are()
    {
        IPage page = await Open(SampleReport.Create(20, ["length.beam=1", "length.beam=5"], [1, 4, 16]));
        // More colours than one ground: the canvas is drawn on.
        int colours =
            await page.EvaluateAsync<int>(
                "() => { const c = document.querySelector('#charts canvas'); const p = c.getContext('2d').getImageData(0, 0, c.width, "
                    + "c.height).data; const s = new Set(); for (let i = 0; i < p.length; i += 4) if (p[i + 3] > 250) s.add(p[i] << 16 | "
                    + "p[i + 1] << 8 | p[i + 2]); return s.size; }");
        Assert.InRange(colours, 20, int.MaxValue);
        await page.Locator("#charts .u-over").First.ScrollIntoViewIfNeededAsync();
        var box = (await page.Locator("#charts .u-over").First.BoundingBoxAsync())!;
        for (float x = 2; x < box.Width && await page.Locator(".tooltip:not([hidden])").CountAsync() == 0; x += 15)
            for (float y = 2; y < box.Height && await page.Locator(".tooltip:not([hidden])").CountAsync() == 0; y += 30)
                await page.Mouse.MoveAsync(box.X + x, box.Y + y);
        Assert.Matches(@"steps=\d+,length\.beam=\d\nbleu \d+\.\d\d \(\d+\.\d\d to \d+\.\d\d\)\ndenoising steps \d+",
            await page.Locator(".tooltip:not([hidden])").InnerTextAsync());
        await End(page);
    }

    [Fact]
    public async Task Seconds_are_drawn_against_length_and_quality_against_parallelism()
    {
        IPage page = await Open(SampleReport.Create(20, ["length.value=64", "length.value=256"], [1, 4]));
        Assert.Equal("Seconds against length", await page.Locator("#latency h2").InnerTextAsync());
        Assert.Equal("median latency against length. The figures are in the table of cells.",
            await page.Locator("#latency canvas").GetAttributeAsync("aria-label"));
        Assert.Equal(["steps=1", "steps=4"], await page.Locator("#latency tbody th").AllInnerTextsAsync());
        Assert.NotEqual(0, await page.Locator("#parallelism canvas").CountAsync());
        // Each curve in its colour.
        int colours = await page.EvaluateAsync<int>("() => { const c = document.querySelector('#latency canvas'); const p = "
            + "c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const s = new Set(); for (let i = 0; i < p.length; i += 4) "
            + "if (p[i + 3] > 250) s.add(p[i] << 16 | p[i + 1] << 8 | p[i + 2]); return s.size; }");
        Assert.InRange(colours, 10, int.MaxValue);
        await End(page);
    }

    [Fact]
    public async Task Items_are_filtered_and_compared_between_any_two_cells()
    {
        IPage page = await Open(SampleReport.Create(1_000));
        ILocator items = page.Locator("#items .item");
        Assert.Matches(@"^1,000 items shown; the two differ in \d", await Status(page, "items"));
        Assert.InRange(await items.CountAsync(), 40, 200); // not all of them are in the document
        Assert.True(await page.Locator("#items mark.a").CountAsync() > 0 && await page.Locator("#items mark.b").CountAsync() > 0);

        await page.Locator("#items input[type=search]").FillAsync("test-00123");
        await Assertions.Expect(items).ToHaveCountAsync(1);
        Assert.StartsWith("1 of 1,000 items shown", await Status(page, "items"), StringComparison.Ordinal);
        await page.Locator("#items input[type=search]").FillAsync("blue UMBRELLA");
        await Assertions.Expect(items.First).ToContainTextAsync("blue umbrella");
        await page.Locator("#items input[type=search]").FillAsync("");
        await Assertions.Expect(page.Locator("#items [role=status]")).ToContainTextAsync("1,000 items shown");

        // Two good cells differ seldom; a cell never differs from itself.
        await page.Locator("#items select").First.SelectOptionAsync("3");
        await page.Locator("#items input[type=checkbox]").CheckAsync();
        await Assertions.Expect(page.Locator("#items [role=status]"))
            .ToHaveTextAsync(new Regex(@"^(\d+) of 1,000 items shown; the two differ in \1\.$"));
        await page.Locator("#items select").Nth(1).SelectOptionAsync("3");
        await Assertions.Expect(items).ToHaveCountAsync(0);
        await page.Locator("#items input[type=checkbox]").UncheckAsync();
        await page.Locator("#items select").Nth(1).SelectOptionAsync("reference");
        await Assertions.Expect(items.First.Locator("dt").Last).ToHaveTextAsync("reference");
        await page.Locator("#items select").First.SelectOptionAsync("0");
        await page.Locator("#items input[type=search]").FillAsync("test-00013");
        await Assertions.Expect(items.First).ToContainTextAsync("error: tooLong");
        await End(page);
    }

    [Fact]
    public async Task Marked_are_the_tokens_that_the_other_side_lacks()
    {
        var report = SampleReport.Create(1, [""], [1, 2]);
        IPage page =
            await Open(
                report with
                {
                    Items = [new ReportItem("a", null, ["r"],
                        [new ReportHypothesis("The cat sat on the mat."), new ReportHypothesis("The black cat sat on a mat!")])],
                    Traces = null
                });
        Assert.Equal(["the", "."], await page.Locator("mark.a").AllInnerTextsAsync());
        Assert.Equal(["black", "a", "!"], await page.Locator("mark.b").AllInnerTextsAsync());
        await End(page);
    }

    [Fact]
    public async Task The_list_scrolls_to_its_end_with_few_items_in_the_document()
    {
        IPage page = await Open(SampleReport.Create(1_000));
        ILocator region = page.Locator("#items .items");
        await region.EvaluateAsync("async region => { for (let i = 0; i < 60; i++) { region.scrollTop = region.scrollHeight; await new "
            + "Promise(requestAnimationFrame); } }");
        await Assertions.Expect(page.Locator("#items .item").Last).ToContainTextAsync("test-00999");
        Assert.InRange(await page.Locator("#items .item").CountAsync(), 10, 200);
        await End(page);
    }

    [Fact]
    public async Task The_player_moves_by_slider_buttons_and_keys_and_plays()
    {
        IPage page = await Open(SampleReport.Create(1_000));
        ILocator chips = page.Locator("#denoising .stage .chip"), masks = page.Locator("#denoising .stage .chip.mask");
        int slots = await chips.CountAsync();
        Assert.Equal($"Step 0 of 16: {slots} masks.", await Status(page, "denoising"));
        Assert.Equal(slots, await masks.CountAsync());

        await page.Locator("#denoising input[type=range]").FillAsync("16");
        Assert.StartsWith("Step 16 of 16: ", await Status(page, "denoising"), StringComparison.Ordinal);
        Assert.EndsWith("0 masks left.", await Status(page, "denoising"), StringComparison.Ordinal);
        Assert.Equal(0, await masks.CountAsync());
        Assert.Contains("probability 0.", await chips.First.GetAttributeAsync("title"), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "One step back" }).ClickAsync();
        Assert.StartsWith("Step 15 of 16", await Status(page, "denoising"), StringComparison.Ordinal);
        ILocator stage = page.Locator("#denoising .stage");
        foreach (var (key, step) in new[] { ("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 16) })
        {
            await stage.PressAsync(key);
            Assert.StartsWith($"Step {step} of 16", await Status(page, "denoising"), StringComparison.Ordinal);
        }
        await page.GetByLabel("speed").SelectOptionAsync("4");
        await stage.PressAsync("Space"); // from the start again
        await Assertions.Expect(page.Locator("#denoising .play")).ToHaveTextAsync("Pause");
        await Assertions.Expect(page.Locator("#denoising .play")).ToHaveTextAsync("Play", new() { Timeout = 30_000 });
        Assert.StartsWith("Step 16 of 16", await Status(page, "denoising"), StringComparison.Ordinal);

        await page.Locator("#denoising select").Nth(1).SelectOptionAsync("0"); // another cell
        Assert.Equal($"Step 0 of 1: {slots} masks.", await Status(page, "denoising"));
        await page.Locator("#denoising summary").ClickAsync();
        await Assertions.Expect(page.Locator("#denoising .history li")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "watch it denoise" }).Nth(2).ClickAsync(); // an item of the list
        Assert.Equal("test-00002", await page.Locator("#denoising select").First.InputValueAsync());
        await End(page);
    }

    [Fact]
    public async Task What_is_written_changed_and_masked_again_is_told_apart()
    {
        var trace = new ReportTrace("test-00000", 1, 0,
            [new ReportTraceStep(1, [(0, 1, -0.05f), (1, 2, -3f)], []), new ReportTraceStep(3, [(0, 3, -0.5f)], [1]),
                new ReportTraceStep(4, [(1, 4, -0.1f)], [])]);
        var second = new ReportTrace("test-00000", 1, 1, [new ReportTraceStep(1, [(0, 1, -0.01f), (1, 1, -0.01f)], [])]);
        IPage page =
            await Open(SampleReport.Create(5, [""], [1, 4]) with
            {
                Traces =
                new ReportTraces([trace, second], new Dictionary<int, string> { [1] = " one", [2] = "two", [3] = " three" }, "Note.")
            });
        Assert.Equal("1 (chosen)", await page.Locator("#denoising select").Nth(2).Locator("option:checked")
            .InnerTextAsync()); // the higher mean log-probability
        await page.Locator("#denoising select").Nth(2).SelectOptionAsync("0");
        ILocator chips = page.Locator("#denoising .stage .chip");
        async Task<string[]> At(int step)
        {
            await page.Locator("#denoising input[type=range]").FillAsync($"{step}");
            return [.. await Task.WhenAll(
                (await chips.AllAsync()).Select(async c => $"{await c.InnerTextAsync()}:{await c.GetAttributeAsync("class")}"))];
        }
        Assert.Equal(["one:chip c4 new", "two:chip c0 new joined"], await At(1));
        Assert.Equal(["one:chip c4", "two:chip c0 joined"], await At(2)); // a step without change
        Assert.Equal(["three:chip c3 changed", "two:chip mask again"], await At(3));
        Assert.Equal(["three:chip c3", "#4:chip c4 new joined"], await At(4)); // no text is known: its id
        await End(page);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task The_page_passes_the_accessibility_check(ColorScheme scheme, int width)
    {
        IPage page = await Open(SampleReport.Create(1_000, ["length.value=16", "length.value=64"], [1, 2, 8]), width, scheme: scheme);
        await page.Locator("#denoising input[type=range]").FillAsync("1");
        await page.Locator("#denoising select").Nth(1).SelectOptionAsync("2");
        await page.Locator("#denoising input[type=range]").FillAsync("5");
        foreach (var summary in await page.Locator("summary").AllAsync()) await summary.ClickAsync();
        string axe = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "node_modules", "axe-core", "axe.min.js"));
        await page.EvaluateAsync(axe);
        JsonElement violations =
            await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] "
                + "})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).slice(0, 5).join(' | '))");
        Assert.Empty(violations.EnumerateArray().Select(v => v.GetString()));
        await End(page);
    }

    [Fact]
    public async Task A_phone_scrolls_down_only()
    {
        IPage page = await Open(SampleReport.Create(1_000, ["length.value=16", "length.value=64"], [1, 2, 4, 8, 16]), 390, 844);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.SetViewportSizeAsync(320, 700);
        await page.WaitForTimeoutAsync(300);
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await End(page);
    }

    [Theory]
    [InlineData(390, 0.0055, 0.012)]
    [InlineData(390, 0.004, 0.05)]
    [InlineData(320, 0.0061, 0.0093)]
    [InlineData(320, 1200, 9800)]
    [InlineData(1280, 0.0055, 0.9)]
    public async Task Ticks_of_an_axis_leave_each_other_room(int width, double least, double most)
    {
        EvaluationReport report = SampleReport.Create(5);
        IBrowser chromium = await browser.ChromiumAsync();
        ReportFiles.Write(_folder, report with
        {
            Cells = [.. report.Cells.Select((c, i) =>
                c with { Cost = c.Cost! with { LatencyMedian = least * Math.Pow(most / least, i / (report.Cells.Count - 1.0)) } })],
        });
        IPage page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 } });
        // What is written on a canvas, with its place.
        await page.AddInitScriptAsync("window.written = new Map(); const fill = CanvasRenderingContext2D.prototype.fillText; "
            + "CanvasRenderingContext2D.prototype.fillText = function (text, x, y) { const list = window.written.get(this.canvas) ?? []; "
            + "list.push({ text, x, y, width: this.measureText(text).width, align: this.textAlign }); window.written.set(this.canvas, "
            + "list); return fill.apply(this, arguments); };");
        await page.GotoAsync(new Uri(Path.Combine(_folder, "report.html")).AbsoluteUri);
        await page.Locator("html[data-ready]").WaitForAsync();
        JsonElement charts =
            await page.EvaluateAsync<JsonElement>(
                "[...document.querySelectorAll('#charts canvas')].map(canvas => { const all = window.written.get(canvas), bottom = "
                    + "Math.max(...all.filter(t => /^[0-9.,e-]+$/.test(t.text)).map(t => t.y)); return all.filter(t => "
                    + "/^[0-9.,e-]+$/.test(t.text) && t.y === bottom && t.align === 'center').map(t => [t.x - t.width / 2, t.x + t.width "
                    + "/ 2]); })");
        Assert.Equal(2, charts.GetArrayLength());
        foreach (JsonElement chart in charts.EnumerateArray())
        {
            var labels = chart.EnumerateArray().Select(l => (Left: l[0].GetDouble(), Right: l[1].GetDouble())).Distinct()
                .OrderBy(l => l.Left).ToList();
            Assert.InRange(labels.Count, 2, 12);
            for (int i = 1; i < labels.Count; i++)
                Assert.True(labels[i].Left > labels[i - 1].Right + 4, $"{labels[i - 1]} runs into {labels[i]}");
        }
        await page.CloseAsync();
    }

    [Fact]
    public async Task On_paper_it_is_light_and_has_neither_buttons_nor_all_items()
    {
        IPage page = await Open(SampleReport.Create(1_000), scheme: ColorScheme.Dark);
        byte[] pdf = await page.PdfAsync(new() { Format = "A4", PrintBackground = true });
        Assert.InRange(Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b"), 2, 6);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.False(await page.Locator("#denoising .transport").IsVisibleAsync());
        Assert.EndsWith("0 masks left.", await Status(page, "denoising"), StringComparison.Ordinal); // the last step
        await End(page);
    }

    [Fact]
    public async Task Twenty_thousand_items_open_with_few_of_them_in_the_document()
    {
        IPage page = await Open(SampleReport.Create(20_000));
        Assert.StartsWith("20,000 items shown", await Status(page, "items"), StringComparison.Ordinal);
        Assert.InRange(await page.Locator("*").CountAsync(), 100, 5_000);
        double ready = await page.EvaluateAsync<double>("performance.getEntriesByName('report-ready')[0].startTime");
        TestContext.Current.SendDiagnosticMessage(
            $"20,000 items in 5 cells: ready after {ready:F0} ms, {new FileInfo(Path.Combine(_folder, "report.html")).Length >> 10} KiB");
        Assert.InRange(ready, 0, 10_000); // a second is the aim on a free machine (docs/performance.md); a test's machine may be busy
        await End(page);
    }
}
