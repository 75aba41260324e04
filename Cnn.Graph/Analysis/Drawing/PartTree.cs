using Cnn.Graph.Ir;

namespace Cnn.Graph.Analysis.Drawing;

/// <summary>
/// The boxes of a network in frames for its blocks, and the lines between them. Blocks are told by the paths of names. A frame is left out
/// where it would hold two boxes or less, where a layer has its name, or where lines would have to leave it and come back.
/// </summary>
internal sealed class PartTree
{
    private const int LeastBoxes = 3;

    private PartTree(Part root, IReadOnlyList<(Part From, Part To)> edges)
    {
        Root = root;
        Edges = edges;
    }

    /// <summary>The frame around everything, which is not drawn.</summary>
    public Part Root { get; }

    /// <summary>The lines from box to box.</summary>
    public IReadOnlyList<(Part From, Part To)> Edges { get; }

    public static PartTree Of(Network network)
    {
        Dictionary<Value, Part> boxes = new(ReferenceEqualityComparer.Instance);
        foreach (Value value in network.Inputs.Concat(network.Nodes.Select(n => n.Output)))
        {
            boxes[value] = new Part(value.Name, value);
        }

        (Part From, Part To)[] edges =
        [
            .. network.Nodes.SelectMany(node => node.Inputs.Where(i => i is Input || i.Producer is not null)
                .Select(i => (boxes[i.Producer?.Output ?? i], boxes[node.Output])).Distinct()),
        ];
        var root = new Part("");
        Fill(root, [.. boxes.Values], [.. network.Nodes.Select(n => n.Name)]);
        ILookup<Part, Part> feeds = edges.ToLookup(e => e.To, e => e.From);
        Sort(root, feeds);
        foreach ((Part from, Part to) in edges)
        {
            AddLinks(from, to);
        }

        return new PartTree(root, edges);
    }

    /// <summary>Puts boxes into a frame, those of a block into a frame of their own.</summary>
    private static void Fill(Part frame, List<Part> boxes, HashSet<string> layers)
    {
        int from = frame.Path.Length == 0 ? 0 : frame.Path.Length + 1;
        frame.Hold(boxes.GroupBy(box => BlockOf(box, from)).SelectMany(Framed));

        IEnumerable<Part> Framed(IGrouping<string?, Part> group)
        {
            if (group.Key is not { } path)
            {
                return group;
            }

            var inner = new Part(path);
            List<Part> held = [.. group];
            Fill(inner, held, layers);
            return held.Count < LeastBoxes || held.Count == boxes.Count || layers.Contains(path) ? inner.Members : [inner];
        }

        static string? BlockOf(Part box, int from) =>
            box.Layer is not null && box.Path.IndexOf('/', Math.Min(from, box.Path.Length)) is >= 0 and var end ? box.Path[..end] : null;
    }

    /// <summary>
    /// Puts the parts of each frame behind those that feed them; a frame that would stand both before and behind another part is dissolved.
    /// </summary>
    private static void Sort(Part frame, ILookup<Part, Part> feeds)
    {
        while (true)
        {
            Dictionary<Part, HashSet<Part>> before = frame.Members.ToDictionary(m => m, m => m.All.SelectMany(part => feeds[part])
                .Select(source => MemberOf(frame, source)).OfType<Part>().Where(source => source != m).ToHashSet());
            var done = new HashSet<Part>();
            List<Part> sorted = [];
            int placed;
            do
            {
                placed = sorted.Count;
                foreach (Part part in frame.Members.Where(m => !done.Contains(m) && before[m].IsSubsetOf(done)))
                {
                    sorted.Add(part);
                    done.Add(part);
                }
            }
            while (sorted.Count > placed);

            if (sorted.Count == frame.Members.Count)
            {
                frame.Hold(sorted);
                sorted.ForEach(m => Sort(m, feeds));
                return;
            }

            Part split = FrameOnCircle([.. frame.Members.Except(done)], before);
            frame.Hold(frame.Members.SelectMany(m => m == split ? m.Members : [m]));
        }
    }

    /// <summary>Going back from part to part one comes round; boxes alone make no circle.</summary>
    private static Part FrameOnCircle(List<Part> left, Dictionary<Part, HashSet<Part>> before)
    {
        List<Part> way = [left[0]];
        while (true)
        {
            Part next = before[way[^1]].First(left.Contains);
            if (way.IndexOf(next) is >= 0 and var start)
            {
                return way.Skip(start).First(part => part.Members.Count > 0);
            }

            way.Add(next);
        }
    }

    /// <summary>The part of a frame in which a box lies, or null where it lies outside.</summary>
    private static Part? MemberOf(Part frame, Part box) =>
        box.Parent == frame ? box : box.Ancestors.FirstOrDefault(part => part.Parent == frame);

    /// <summary>Out of the frames that only the one box is in, across, and into those that only the other is in.</summary>
    private static void AddLinks(Part from, Part to)
    {
        HashSet<Part> around = [.. to.Ancestors];
        Part leaving = from, entering = to;
        for (; !around.Contains(leaving.Parent!); leaving = leaving.Parent!)
        {
            leaving.Parent!.Links.TryAdd(new Link(leaving, null, from), []);
        }

        for (; entering.Parent != leaving.Parent; entering = entering.Parent!)
        {
            entering.Parent!.Links.TryAdd(new Link(null, entering, from), []);
        }

        leaving.Parent!.Links.TryAdd(new Link(leaving, entering, from), []);
    }
}
