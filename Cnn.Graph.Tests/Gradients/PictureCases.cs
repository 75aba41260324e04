using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;
using static Cnn.Graph.Tests.GradientCase;

namespace Cnn.Graph.Tests;

/// <summary>Layers that cut, border, turn and resize pictures, and those that join or go around branches.</summary>
internal static class PictureCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("slice: steps", Linear, [[2, 7]], v => v[0].Slice(1, 0, step: 2)),
        new("slice: steps that leave an end out", Linear, [[2, 3, 8]], v => v[0].Slice(-1, 1, 7, step: 3)),
        new("slice: negative start and end", Linear, [[2, 6, 3]], v => v[0].Slice(1, -5, -1, step: 2)),
        new("slice: one element far on", Linear, [[5, 2]], v => v[0].Slice(0, 3, step: 4)),
        new("slice: steps along one axis of two", Linear, [[1, 2, 5, 6]], v => Node(new Slice([2, 3], [0, 1], [5, 5], [2, 1]), v[0])),
        new("slice: steps along two axes", Linear, [[1, 2, 5, 6]], v => Node(new Slice([2, 3], [0, 1], [5, 6], [2, 3]), v[0])),
        new("split", Linear, [[2, 6, 2]], v => v[0].Split(1, [1, 3, 2]) is var parts ? parts[2].Concat(parts[0], 2 * parts[1]) : v[0]),
        new("crop", Linear, [[1, 2, 5, 6]], v => v[0].Crop2d(top: 1, left: 0, bottom: 2, right: 3)),
        new("center crop", Linear, [[2, 2, 5, 6]], v => v[0].CenterCrop2d((2, 4))),

        new("transpose: by its layer", Linear, [[2, 3, 2, 4]], v => v[0].Transpose([3, 0, 2, 1])),
        new("channels first", Linear, [[2, 3, 4, 2]], v => v[0].ToChannelsFirst()),
        new("channels last: volumes", Linear, [[2, 3, 2, 1, 4]], v => v[0].ToChannelsLast()),
        new("flip: one axis", Linear, [[2, 3, 4]], v => v[0].Flip([-1])),
        new("flip: two axes", Linear, [[2, 2, 3, 4]], v => v[0].Flip([2, 3])),
        new("flip: the batch", Linear, [[3, 2]], v => v[0].Flip([0])),
        new("rearrange: some left out, some zero", Linear, [[2, 4, 2]], v => Node(new Rearrange(1, [3, -1, 0, 2, -1, -1]), v[0])),

        new("pad: zeros", Linear, [[1, 2, 3, 4]], v => v[0].Pad2d(Padding.Of(top: 1, left: 0, bottom: 2, right: 3))),
        new("pad: nothing", Linear, [[1, 2, 3, 4]], v => v[0].Pad2d(0, PadMode.Reflect)),
        new("pad: reflected", Linear, [[2, 2, 4, 5]], v => v[0].Pad2d(2, PadMode.Reflect)),
        new("pad: reflected, asymmetric", Linear, [[1, 2, 4, 5]],
            v => v[0].Pad2d(Padding.Of(top: 3, left: 0, bottom: 1, right: 4), PadMode.Reflect)),
        new("pad: edge", Linear, [[2, 2, 3, 4]], v => v[0].Pad2d(2, PadMode.Edge)),
        new("pad: edge, asymmetric, wider than the picture", Linear, [[1, 2, 2, 3]],
            v => v[0].Pad2d(Padding.Of(top: 3, left: 0, bottom: 1, right: 5), PadMode.Edge)),
        new("pad: channels", Linear, [[2, 2, 3]], v => Node(new Pad([0, 1, 0, 0, 2, 0]), v[0])),

        new("upsample: nearest", Linear, [[2, 2, 2, 3]], v => v[0].Upsample2d(2)),
        new("upsample: nearest, one axis", Linear, [[1, 2, 2, 3]], v => v[0].Upsample2d((1, 3))),
        new("upsample: bilinear", Linear, [[1, 2, 3, 4]], v => v[0].Upsample2d(2, ResizeMode.Bilinear)),
        new("upsample: bilinear, two factors", Linear, [[1, 2, 3, 2]], v => v[0].Upsample2d((3, 1), ResizeMode.Bilinear)),
        new("upsample: bilinear, corners aligned", Linear, [[1, 2, 3, 4]],
            v => v[0].Upsample2d(2, ResizeMode.Bilinear, alignCorners: true)),
        new("upsample: bilinear, of one pixel", Linear, [[1, 2, 1, 1]], v => v[0].Upsample2d(3, ResizeMode.Bilinear)),
        new("upsample: nearest, cropped", Linear, [[1, 2, 3, 4]], v => v[0].Upsample2d(2).Crop2d(2, 1, 2, 3)),
        new("resize: nearest", Linear, [[1, 2, 3, 5]], v => v[0].Resize2d((5, 7), ResizeMode.Nearest)),
        new("resize: nearest, smaller", Linear, [[1, 2, 5, 6]], v => v[0].Resize2d((3, 4), ResizeMode.Nearest)),
        new("resize: nearest, one axis repeated", Linear, [[1, 2, 3, 3]], v => v[0].Resize2d((6, 5), ResizeMode.Nearest)),
        new("resize: bilinear", Linear, [[2, 2, 3, 5]], v => v[0].Resize2d((7, 8))),
        new("resize: bilinear, smaller", Linear, [[1, 2, 7, 6]], v => v[0].Resize2d((3, 4))),
        new("resize: bilinear, corners aligned", Linear, [[1, 2, 3, 5]], v => v[0].Resize2d((7, 3), alignCorners: true)),
        new("resize: bilinear, to one pixel", Linear, [[1, 2, 4, 5]], v => v[0].Resize2d(1)),
        new("resize: bilinear, to one pixel, corners aligned", Linear, [[1, 2, 4, 5]], v => v[0].Resize2d(1, alignCorners: true)),

        new("gram", Polynomial, [[2, 3, 2, 4]], v => v[0].GramMatrix()),
        new("gram: by positions", Polynomial, [[1, 3, 2, 3]], v => v[0].GramMatrix(GramNormalization.Positions)),
        new("gram: by elements", Polynomial, [[1, 3, 2, 3]], v => v[0].GramMatrix(GramNormalization.Elements)),
        new("average", Linear, [[2, 3], [2, 3], [2, 3]], v => v[0].Average(v[1], v[2])),
        new("average: of one, and with a broadcast", Linear, [[2, 3], [3]], v => v[0].Average(v[1].Average())),

        new("shortcut A: stride and channels", Linear, [[1, 2, 5, 4]], v => v[0].Shortcut(ShortcutKind.A, channels: 5, stride: 2)),
        new("shortcut A: zeros on both sides", Linear, [[1, 2, 4, 4]], v => v[0].Shortcut(ShortcutKind.A, channels: 5, splitZeros: true)),
        new("shortcut A: stride only", Linear, [[1, 2, 4, 5]], v => v[0].Shortcut(ShortcutKind.A, channels: 2, stride: (1, 2))),
        new("shortcut B: stride and channels", Linear, [[1, 2, 5, 4]], v => v[0].Shortcut(ShortcutKind.B, channels: 3, stride: 2)),
        new("shortcut B: nothing changes", Linear, [[1, 2, 3, 3]], v => 2 * v[0].Shortcut(ShortcutKind.B, channels: 2)),
        new("shortcut C: nothing changes, biases", Linear, [[1, 2, 3, 3]],
            v => v[0].Shortcut(ShortcutKind.C, channels: 2, bias: true, normalize: x => 2 * x)),
        new("reuse", Polynomial, [[1, 2, 3, 3], [1, 2, 3, 3]], v => Twice(v[0], v[1])),
    ];

    private static Ir.Value Twice(Ir.Value first, Ir.Value second)
    {
        Ir.Value y = first.Conv2d(2, kernel: 2).Conv2d(3, kernel: 2);
        return y * second.Reuse(first, y);
    }
}
