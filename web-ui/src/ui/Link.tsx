import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { type LinkComponent, createLink } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, forwardRef } from 'react';

type Attributes<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P>;

const AnchorLink = createLink(
  forwardRef<HTMLAnchorElement, Attributes<AnchorProps>>(function AnchorLink(props, ref) {
    return <Anchor ref={ref} {...props} />;
  }),
);
const ButtonAnchor = createLink(
  forwardRef<HTMLAnchorElement, Attributes<ButtonProps>>(function ButtonAnchor(props, ref) {
    return <Button ref={ref} component="a" {...props} />;
  }),
);

/** A link inside the UI, typed by the routes. */
export const Link: LinkComponent<typeof AnchorLink> = (props) => <AnchorLink inherit underline="always" {...props} />;

/** A link that looks like a button. */
export const ButtonLink: LinkComponent<typeof ButtonAnchor> = (props) => <ButtonAnchor {...props} />;
